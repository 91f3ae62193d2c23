"""Each probe of the service's defences, and the tests that make it.

A test is a file below tests/ and a function in it. Another test proves that each is there.
"""

S = "security/"
BODIES = "diary/test_bodies.py::"
HTTP = "config/test_http.py::"
CHANNELS = "alerts/channels/"
INPUT, OUTPUT = S + "test_input.py::", S + "test_output.py::"
MATRIX = S + "test_matrix.py::test_everybody_gets_what_is_declared"
STRICT_JSON = BODIES + "test_json_that_can_be_read_two_ways_or_stored_in_none_is_refused"
BAD_VALUES = BODIES + "test_every_bad_value_of_every_field_is_refused_by_name"

PROBES: dict[str, tuple[str, list[str]]] = {
    "S01": (
        "NUL in a value, a key, a query, a path",
        [
            STRICT_JSON,
            INPUT + "test_no_query_breaks_a_read_or_takes_long_or_finds_more",
            INPUT + "test_no_query_breaks_a_page",
            INPUT + "test_an_id_is_an_id_of_its_type_or_nothing",
        ],
    ),
    "S02": ("half of a character pair", [STRICT_JSON, INPUT + "test_no_query_breaks_a_page"]),
    "S03": (
        "nesting",
        [STRICT_JSON, BODIES + "test_an_integer_of_4000_digits_and_32_levels_are_still_json"],
    ),
    "S04": ("NaN, infinity, overflow", [STRICT_JSON, BAD_VALUES]),
    "S05": (
        "integers that are none, or of thousands of digits",
        [BAD_VALUES, BODIES + "test_an_integer_of_4000_digits_and_32_levels_are_still_json"],
    ),
    "S06": ("one key twice", [STRICT_JSON]),
    "S07": (
        "fields that only the server sets",
        [
            INPUT + "test_a_field_that_is_not_the_patients_is_refused_or_left_alone",
            INPUT + "test_no_body_is_read_by_a_model",
            BODIES + "test_what_only_the_server_sets_is_ignored",
        ],
    ),
    "S08": (
        "bodies that are too large, or packed",
        [
            BODIES + "test_a_body_has_at_most_a_mebibyte",
            "diary/test_sync_refusals.py::test_a_body_has_at_most_8_mib",
            "diary/test_sync_refusals.py::test_over_1000_items_are_refused_whole",
            BODIES + "test_a_note_is_counted_in_code_points",
        ],
    ),
    "S09": (
        "content types and encodings",
        [
            BODIES + "test_only_json_in_utf_8_is_read",
            STRICT_JSON,
            INPUT + "test_every_write_reads_json_alone",
        ],
    ),
    "S10": (
        "methods that are not meant",
        [MATRIX, HTTP + "test_a_method_that_is_not_meant_is_a_405_without_effect"],
    ),
    "S11": (
        "odd Unicode",
        [
            INPUT + "test_any_text_is_kept_as_it_came_and_found_quickly",
            "diary/admin/test_records.py::test_a_note_keeps_its_lines_and_its_direction_to_itself",
        ],
    ),
    "S12": (
        "SQL injection; ruff's S608 refuses SQL put together of texts",
        [
            INPUT + "test_no_query_breaks_a_read_or_takes_long_or_finds_more",
            INPUT + "test_no_query_breaks_a_page",
        ],
    ),
    "S13": (
        "pages and cursors",
        [
            "diary/test_records.py::test_a_list_refuses_what_it_cannot_read",
            "diary/test_records.py::test_a_cursor_of_another_list_is_refused",
            "diary/test_feed.py::test_a_forged_cursor_is_a_400",
            INPUT + "test_no_query_breaks_a_read_or_takes_long_or_finds_more",
        ],
    ),
    "S14": ("slow expressions", [INPUT + "test_no_expression_takes_long_over_a_near_miss"]),
    "S15": ("dates", [BAD_VALUES]),
    "S17": (
        "foreign host names and forwarding headers",
        [
            HTTP + "test_a_host_that_is_not_ours_is_a_400",
            INPUT + "test_links_name_the_own_address_whatever_a_header_says",
        ],
    ),
    "S18": (
        "idempotency",
        [
            "diary/test_idempotency.py::test_another_body_is_a_422_and_changes_nothing",
            "diary/test_idempotency.py::test_a_key_is_its_patients_and_of_this_address_only",
            "diary/test_idempotency.py::test_many_keys_are_told_apart",
        ],
    ),
    "S31": (
        "formulas in tables",
        [
            "diary/test_export_cells.py::test_what_could_be_a_formula_is_a_text_in_quotes",
            "alerts/api/test_export.py::test_no_cell_is_a_formula",
        ],
    ),
    "S34": (
        "a device that changes hands",
        [
            "alerts/api/test_devices.py"
            "::test_a_phone_that_changes_hands_gets_none_of_the_former_owners_messages",
            "alerts/api/test_devices.py"
            "::test_two_accounts_that_swap_phones_at_once_do_not_wait_for_each_other",
        ],
    ),
    "S36": (
        "what a push or a mail tells who looks at the phone",
        [
            CHANNELS + "test_webpush.py::test_every_message_has_the_same_length_on_the_wire",
            CHANNELS + "test_fcm.py::test_a_message_is_neutral_stable_and_private",
            CHANNELS + "test_apns.py::test_a_message_is_neutral_stable_and_rings_at_once",
            CHANNELS + "test_email.py::test_one_plain_mail_with_exactly_these_headers",
            "alerts/test_app_push.py::test_one_entry_rings_every_kind_of_phone_and_says_nothing_of_it",
            "alerts/test_mails.py::test_the_mail_to_a_physician_names_nobody_and_nothing",
            "alerts/test_mails.py"
            "::test_the_patient_reads_a_notice_and_of_an_alert_only_to_open_the_app",
        ],
    ),
    "S37": (
        "words of patients outside the database",
        [
            OUTPUT + "test_a_whole_story_leaves_no_word_of_it_outside_the_database",
            OUTPUT + "test_the_log_of_our_own_postgresql_quotes_no_row",
            "config/test_logs.py::test_a_request_is_one_line_without_content",
            "config/test_logs.py::test_what_a_library_puts_into_its_lines_is_left_out",
            CHANNELS + "test_apns.py::test_no_log_shows_a_token",
            CHANNELS + "test_fcm.py::test_no_log_shows_a_token",
        ],
    ),
    "S38": (
        "errors",
        [
            OUTPUT + "test_every_view_fails_with_the_same_words",
            HTTP + "test_whatever_goes_wrong_the_answer_is_constant",
        ],
    ),
    "S39": ("caches", [MATRIX, HTTP + "test_no_answer_is_kept_by_a_cache"]),
    "S40": (
        "headers",
        [MATRIX, OUTPUT + "test_over_https_a_browser_is_told_to_stay_there"],
    ),
    "S46": (
        "ids",
        [
            S + "test_ids.py::test_every_id_that_anybody_sees_is_random",
            S + "test_ids.py::test_an_id_made_by_the_server_is_of_version_4_and_in_no_order",
            S + "test_ids.py::test_ten_thousand_ids_have_no_bias",
            INPUT + "test_an_id_is_an_id_of_its_type_or_nothing",
        ],
    ),
}
