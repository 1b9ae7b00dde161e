"""What the rules for danger say, whoever advises: an advisor may raise an alarm above them and never stays below."""

from maintainuk.domain.ai import Proposal, ReportInWords, TriageSuggestion
from maintainuk.domain.taxonomy import Priority
from maintainuk.infrastructure.providers.embedded_advisor.advisor import dangers_in


def raised_by_rules(suggestion: TriageSuggestion, report: ReportInWords) -> TriageSuggestion:
    """Return the suggestion with priority, hazard class and safety flag at least what the rules for danger say."""
    dangers = dangers_in(report)
    if not dangers:
        return suggestion
    worst = max(dangers, key=lambda danger: danger.hazard_class.severity)
    telling = next((danger for danger in dangers if danger.safety_flag), None)
    changes: dict[str, object] = {}
    if suggestion.priority.value is not Priority.P1:
        changes["priority"] = Proposal[Priority](value=Priority.P1, reason=dangers[0].sentence)
    if suggestion.hazard_class.value.severity < worst.hazard_class.severity:
        changes["hazard_class"] = type(suggestion.hazard_class)(value=worst.hazard_class, reason=worst.sentence)
    if telling and not suggestion.safety_flag.value:
        changes["safety_flag"] = Proposal[bool](value=True, reason=telling.sentence)
    return suggestion.model_copy(update=changes)
