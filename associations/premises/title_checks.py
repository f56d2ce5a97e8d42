"""Checks of people files: changed names under known codes, and what the plan of titles (title_plan) does to others."""

from associations.imports.checks import Check
from associations.imports.models import Severity
from associations.premises.title_plan import AS_OF_SQL

RENAMED = """
    SELECT s.file_no, s.sheet, s.line_no, s.name AS value, s.premises_code, s.person_code, p.id AS person_id,
           p.name AS former_name, coalesce(b.declarations -> 'people' ->> s.person_code, '') AS answer
    FROM premises_stagedperson s JOIN imports_importbatch b ON b.id = s.batch_id
    JOIN premises_person p ON p.code = s.person_code
    WHERE s.batch_id = %(batch)s AND s.name <> p.name
"""
"""Rows whose person code is known under another name, with the manager's answer: '', correction or other."""

TITLE_CHECKS = (
    Check(
        code="person_renamed",
        dataset="people",
        column="Nazwisko i imię",
        severity=Severity.WARNING,
        sql=f"""
            SELECT r.file_no, r.sheet, r.line_no, r.value, r.premises_code,
                   'Pod kodem ' || r.person_code || ' zapisana jest osoba „' || r.former_name || '”, a plik podaje „'
                   || r.value || '”. Wybierz, czy to poprawka, czy inna osoba.' AS reason
            FROM ({RENAMED}) r WHERE r.answer = ''
        """,
    ),
    Check(
        code="person_replaced",
        dataset="people",
        column="Nazwisko i imię",
        severity=Severity.WARNING,
        sql=f"""
            SELECT r.file_no, r.sheet, r.line_no, r.value, r.premises_code,
                   'Kod ' || r.person_code || ' przejdzie na inną osobę: „' || r.value || '”. Tytuły osoby „'
                   || r.former_name || '” wygasną, a jej login, historia i rozliczenia zostaną przy niej.' AS reason
            FROM ({RENAMED}) r WHERE r.answer = 'other'
        """,
    ),
    Check(
        code="replaced_too_early",
        dataset="people",
        column="Od",
        # A new owner whose title began first would see what happened in the former one's time.
        sql=f"""
            SELECT n.file_no, n.sheet, n.line_no, to_char(n.starts_on, 'DD.MM.YYYY') AS value, n.premises_code,
                   'Nowa osoba o kodzie ' || n.person_code || ' miałaby tytuł do lokalu ' || n.premises_code || ' od '
                   || to_char(n.starts_on, 'DD.MM.YYYY') || ', a osoba „' || o.name || '” ma go dopiero od '
                   || to_char(o.starts_on, 'DD.MM.YYYY') || '. Podaj w pliku dzień, od którego lokal ma nowa osoba,'
                   || ' albo zostaw pole „Od” puste.' AS reason
            FROM premises_stagedtitle o
            JOIN imports_importbatch b ON b.id = o.batch_id
            JOIN premises_stagedtitle n ON n.batch_id = o.batch_id AND n.premises_code = o.premises_code
             AND n.person_code = o.person_code AND n.file_no > 0
            WHERE o.batch_id = %(batch)s AND o.origin = 'replaced' AND NOT o.is_current AND o.starts_on < {AS_OF_SQL}
        """,
    ),
    Check(
        code="former_title_undated",
        dataset="people",
        column="Od",
        # „Od zawsze” beside people who are known already: it would show them each other's past.
        sql=f"""
            SELECT n.file_no, n.sheet, n.line_no, '' AS value, n.premises_code,
                   'Tytuł osoby ' || n.person_code || ' do lokalu ' || n.premises_code || ' skończył się '
                   || to_char(n.ends_on, 'DD.MM.YYYY') || ', a plik nie podaje jego początku. Lokal miał wtedy już'
                   || ' kogoś innego: podaj dzień, od którego ta osoba go miała.' AS reason
            FROM premises_stagedtitle n
            JOIN imports_importbatch b ON b.id = n.batch_id
            WHERE n.batch_id = %(batch)s AND n.file_no > 0 AND n.title_id IS NULL AND n.starts_on IS NULL
              AND n.ends_on < {AS_OF_SQL}
              AND EXISTS (SELECT 1 FROM premises_title t JOIN premises_premises l ON l.id = t.premises_id
                          WHERE l.code = n.premises_code AND t.is_current
                            AND t.person_id IS DISTINCT FROM n.person_id
                            AND (t.starts_on IS NULL OR t.starts_on <= n.ends_on))
        """,
    ),
    Check(
        code="title_stays",
        dataset="people",
        column="Kod osoby",
        severity=Severity.WARNING,
        # A registry forgets nothing by itself: who sold and is missing from the file would go on seeing the premises.
        sql=f"""
            WITH named AS MATERIALIZED (
                SELECT DISTINCT ON (premises_code) * FROM premises_stagedperson WHERE batch_id = %(batch)s
                ORDER BY premises_code, file_no, sheet, line_no)
            SELECT n.file_no, n.sheet, n.line_no, p.code AS value, l.code AS premises_code,
                   'Osoba ' || coalesce(nullif(p.former_code, ''), p.code) || ' (' || p.name
                   || ') ma już tytuł do lokalu ' || l.code || coalesce(' od ' || to_char(t.starts_on, 'DD.MM.YYYY'), '')
                   || ', którego plik nie podaje. Tytuł i dostęp zostają. Jeżeli tytuł wygasł, podaj jego koniec'
                   || ' w pliku albo zaznacz „Zakończ tytuły, których plik nie podaje”.' AS reason
            FROM premises_title t JOIN premises_person p ON p.id = t.person_id
            JOIN premises_premises l ON l.id = t.premises_id JOIN named n ON n.premises_code = l.code
            JOIN imports_importbatch b ON b.id = n.batch_id
            WHERE t.is_current AND (t.ends_on IS NULL OR t.ends_on >= {AS_OF_SQL})
              AND NOT EXISTS (SELECT 1 FROM premises_stagedtitle s WHERE s.batch_id = %(batch)s AND s.title_id = t.id)
        """,
    ),
)
