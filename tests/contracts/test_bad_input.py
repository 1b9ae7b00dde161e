"""What people get wrong, and where it is tried: each bad input has a defined answer and a test that asks for it."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TRIED = {
    "a UPRN that another property has": "features/test_portfolio.py::test_a_uprn_belongs_to_one_property_of_an",
    "what is no UPRN": "features/test_portfolio.py::test_what_is_no_uprn_is_refused",
    "a wrong postcode": "features/test_portfolio.py::test_what_is_no_uk_postcode_is_refused",
    "a postcode of another nation": "features/test_portfolio.py::test_a_nation_that_the_postcode_denies_is_refused",
    "a phone number in ten notations, Ofcom's invented ones too": (
        "features/test_tenancies.py::test_a_phone_number_in_any_notation_is_one_number"
    ),
    "what nobody can dial": "features/test_tenancies.py::test_what_nobody_can_dial_is_refused",
    "an invented address in live mode": "providers/test_real_people.py::test_a_letter_to_nobody_never_leaves",
    "overlapping tenancies": (
        "features/test_tenancies.py::"
        "test_a_home_that_is_let_cannot_be_let_again_and_the_refusal_names_the_tenancy_in_the_way"
    ),
    "overlapping tenancies at once": "features/test_tenancies.py::test_of_two_who_let_a_home_at_once_one_is_refused",
    "semicolons, Windows-1252 and other ways to save a file": (
        "features/test_import_files.py::test_a_file_is_read_however_a_spreadsheet_saved_it"
    ),
    "lost zeros and dates as numbers": "features/test_import_files.py::test_what_excel_did_is_undone_where_that_is",
    "a portfolio's file: semicolons, Windows-1252 and other encodings": (
        "features/test_portfolio_cells.py::test_semicolons_and_the_encodings_of_spreadsheets_are_read"
    ),
    "a portfolio's file: shortened numbers and formulas that failed": (
        "features/test_portfolio_cells.py::test_what_a_spreadsheet_lost_is_told_and_not_taken"
    ),
    "a portfolio's file: dates as numbers": (
        "features/test_portfolio_cells.py::test_a_day_is_read_however_it_was_written"
    ),
    "a portfolio's file: lost zeros, and a UPRN twice": (
        "features/test_portfolio_cells.py::test_one_uprn_stands_for_one_home_whether_or_not_its_zeros_were_lost"
    ),
    "a portfolio's file: a phone number in ten notations and more": (
        "features/test_portfolio_cells.py::test_one_number_in_twelve_notations_is_one_number"
    ),
    "a portfolio's file: wrong postcodes, and nations that they deny": (
        "features/test_portfolio_cells.py::test_where_a_home_is_must_be_certain"
    ),
    "a portfolio's file: addresses that differ in case and width": (
        "features/test_portfolio_cells.py::test_addresses_that_differ_in_case_and_width_are_one_address"
    ),
    "a portfolio's file: tenancies that overlap in it": (
        "features/test_portfolio_cells.py::test_two_rows_that_let_one_home_over_the_same_days_are_told_apart"
    ),
    "a portfolio's file: a tenancy that overlaps one that is there": (
        "features/test_portfolio_imports.py::test_a_tenancy_that_is_in_the_way_is_named"
    ),
    "a portfolio's file: a UPRN that another home has, and all else at once": (
        "features/test_portfolio_imports.py::test_every_problem_of_every_row_is_told_in_words"
    ),
    "a portfolio's file: what only looks like a workbook": (
        "features/test_portfolio_cells.py::test_what_only_looks_like_a_workbook_is_refused"
    ),
    "a list that comes back as it was taken along": (
        "features/test_portfolio_exports.py::test_what_comes_back_as_it_went_changes_nothing"
    ),
    "an invitation used twice": "features/test_invitations.py::test_a_link_works_once_also_for_fifty_at_once",
    "an invitation used by another address": (
        "features/test_invitations.py::test_whoever_is_signed_in_with_another_address_is_refused_and_nothing_is_merged"
    ),
    "an invitation after three days": "features/test_invitations.py::test_after_three_days_it_opens_nothing",
    "joining where a second step is asked for": (
        "features/test_second_factors.py::test_who_joins_where_a_second_factor_is_asked_for_adds_one_before_anything_else"
    ),
    "a switch to where a second step is asked for": (
        "features/test_switch_organisation.py::test_a_session_that_never_showed_a_factor_switches_to_no_place_that_asks_for_one"
    ),
    "a switch by whom a provider vouched for": (
        "features/test_switch_organisation.py::test_whom_one_organisations_provider_vouched_for_is_not_let_into_another"
    ),
    "the last administrator removing themselves": (
        "features/test_users.py::test_the_last_administrator_cannot_shut_the_door_behind_themselves"
    ),
    "the last two at once": "features/test_users.py::test_of_two_administrators_who_leave_at_once_one_stays",
    "the last administrator's role losing its keys": (
        "features/test_roles.py::test_the_last_administrators_own_role_cannot_lose_its_keys"
    ),
    "twenty made up X-Forwarded-For": "security/test_brute_force.py::test_an_address_cannot_be_made_up",
    "an e-mail in another case or Unicode": "features/test_sign_in.py::test_an_e_mail_is_the_same_however_it_is_typed",
    "an e-mail spelled anew for each guess": (
        "security/test_brute_force.py::test_no_spelling_of_an_e_mail_gives_more_guesses"
    ),
    "an address invited twice": (
        "features/test_invitations.py::test_an_address_is_invited_once_and_never_when_it_is_here"
    ),
    "fields that are no part of the question": (
        "security/test_mass_assignment.py::test_each_column_that_is_no_part_of_the_question_is_refused"
    ),
    "formulas in what is exported": "features/test_csv_export.py::test_of_a_thousand_strings_none_is_a_formula",
    "formulas typed through the API": "security/test_csv_over_http.py::test_what_was_typed_runs_in_no_table",
    "a file with everything that was changed, cut short or made by others": (
        "features/test_verify_exports.py::test_whatever_was_changed_is_told_with_its_name"
    ),
}


def is_tried(test: str) -> bool:
    file, name = test.split("::")
    return f"def {name}" in (TESTS / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("given", TRIED)
def test_what_people_get_wrong_is_tried(given):
    assert is_tried(TRIED[given]), TRIED[given]


def test_a_test_that_is_gone_would_be_missed():
    assert not is_tried("features/test_users.py::test_nobody_wrote_this")
