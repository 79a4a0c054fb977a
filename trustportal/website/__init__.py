"""The pages that gather everything: home, standing pages, site map, health; and the portal's own settings."""
