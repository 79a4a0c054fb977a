"""How partners look in the network, and what their parts are called."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, Role
from trustportal.networks.drawing import Mark

_KIND = Organisation.Kind
NHS, PUBLIC, LEARNING, GIVING, OTHERS = "#005eb8", "#425563", "#330072", "#006747", "#7c2855"
# A shape and a colour for what they have in common, letters for each kind. White is easy to read on each colour.
MARKS: dict[str, Mark] = {
    _KIND.NHS_TRUST: Mark("T", "circle", NHS),
    _KIND.NATIONAL_NHS: Mark("N", "circle", NHS),
    _KIND.COMMISSIONER: Mark("Cm", "circle", NHS),
    _KIND.CARE_SYSTEM: Mark("S", "circle", NHS),
    _KIND.GP_FEDERATION: Mark("GP", "circle", NHS),
    _KIND.COUNCIL: Mark("Cl", "square", PUBLIC),
    _KIND.GOVERNMENT: Mark("Gv", "square", PUBLIC),
    _KIND.REGULATOR: Mark("R", "square", PUBLIC),
    _KIND.UNIVERSITY: Mark("U", "diamond", LEARNING),
    _KIND.ACADEMIC_HEALTH: Mark("A", "diamond", LEARNING),
    _KIND.TRAINING: Mark("Tr", "diamond", LEARNING),
    _KIND.JOINT: Mark("J", "octagon", OTHERS),
    _KIND.CHARITY: Mark("Ch", "hexagon", GIVING),
    _KIND.COMMUNITY: Mark("V", "hexagon", GIVING),
    _KIND.COMPANY: Mark("Co", "octagon", OTHERS),
    _KIND.HEALTH_ABROAD: Mark("H", "octagon", OTHERS),
}
ROLES: dict[str, object] = {**dict(Role.choices), "successor": _("Successor")}
