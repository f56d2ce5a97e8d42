"""Components that every page is made of: their context objects here, their markup in `templates/parts/`.

Frames (extend one of them; context name `page`):
    base_owner.html    page.Page           blocks actions, content
    base_manager.html  page.ManagerPage    blocks actions, content, head
    base_public.html   page.PublicPage     blocks actions, content; before sign-in
    base_form.html     page.PublicPage     blocks intro, fields, submit, after; context `form`
    base_error.html    no context          blocks title, heading, explanation, way_out

Components (include with the context name on the left):
    card          parts/balance_card.html   cards.BalanceCard; several in <div class="cards-row">
    facts         parts/facts.html          sequence of cards.Fact
    chart         parts/bar_chart.html      charts.draw_stacks(…), draw_pairs(…); the figures in a table, too
    links         parts/period_links.html   period_links.PeriodLinks
    choice_form   parts/choice_form.html    choices.ChoiceForm, with „Pokaż"
    section       parts/ledger_table.html   names in the template's head; samples.LedgerSection
    table         parts/table.html          tables.Table
    problems, caption  parts/problem_table.html  sequence of tables.Problem
    pages         parts/pagination.html     tables.Pagination
    notice        parts/notice.html         notices.Notice
    empty         parts/empty_state.html    notices.EmptyState
    secret        parts/secret.html         notices.Secret
    steps         parts/steps.html          sequence of progress.Step
    progress      parts/progress.html       progress.Progress; parts/refresh.html in the block head
    field         parts/field.html          a BoundField; parts/form_errors.html (`form`) above the fields

A long table writes its own rows in `<div class="sheet"><table class="cards">`: on a phone the cell
`.what` heads the card, `.sum` stands at its right, the rest follows with its `data-label`, `.end` at the
right. An empty cell must be `<td></td>` without blanks. Figures carry `.num`.

Figures and dates go through `{% load kartoteka %}`. The gallery (`billing_views/gallery.py`) shows it all.
"""
