"""What the rules for danger say, whoever advises: an advisor may raise an alarm above them and never stays below."""

from maintainuk.domain.ai import Proposal, ReportInWords, TriageSuggestion
from maintainuk.domain.taxonomy import HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.advisor import dangers_in

FEARED = frozenset(("gas_smell", "co_alarm", "fire", "burning_electrics", "shock", "water_electrics"))
"""Rules of dangers.toml of which a mere sign is enough: what kills within the hour."""


def raised_by_rules(suggestion: TriageSuggestion, report: ReportInWords) -> TriageSuggestion:
    """Return the suggestion with priority, hazard class and safety flag at least what the rules for danger say."""
    dangers = dangers_in(report, FEARED)
    if not dangers:
        return suggestion
    reason = dangers[0].sentence
    changes: dict[str, object] = {}
    if suggestion.priority.value is not Priority.P1:
        changes["priority"] = Proposal[Priority](value=Priority.P1, reason=reason)
    if suggestion.hazard_class.value is not HazardClass.POTENTIAL_EMERGENCY:
        changes["hazard_class"] = Proposal[HazardClass](value=HazardClass.POTENTIAL_EMERGENCY, reason=reason)
    if not suggestion.safety_flag.value:
        changes["safety_flag"] = Proposal[bool](value=True, reason=reason)
    return suggestion.model_copy(update=changes)
