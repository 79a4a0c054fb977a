"""What the parts in programmes are called that only programmes have."""

from django.utils.translation import gettext_lazy as _

ROLES: dict[str, object] = {
    "board": _("Member of the board"),
    "supporting": _("Supporting trust"),
    "supported": _("Supported trust"),
}
