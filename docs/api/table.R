# All figures of outcomes as a data frame, page after page.
library(jsonlite)

address <- "https://partnerships.example.nhs.uk/api/v1/observations?limit=100&fields=in_words,period,value,unit,state"
pages <- list()
while (!is.null(address)) {
  page <- fromJSON(address)
  pages[[length(pages) + 1]] <- page$records
  address <- page$`next`
}
figures <- do.call(rbind, pages)
print(nrow(figures))
