"""A system check: the storage of the files with all data can be made. Nobody is called for it."""

from django.core import checks

from trustportal.opendata.releases import open_data_storage


@checks.register(checks.Tags.files)
def check_open_data_storage(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Why the storage cannot be made, as a warning: pages and the other commands do without it."""
    try:
        open_data_storage()
    except Exception as error:  # each storage has errors of its own
        why = " ".join(f"{type(error).__name__}: {error}".split())
        hint = "Correct OPEN_DATA_STORAGE or OPEN_DATA_STORAGE_OPTIONS, or install what this storage needs."
        return [checks.Warning(f"The storage of the open data cannot be made ({why}).", hint=hint, id="website.W001")]
    return []
