"""Made-up people and streets: common names, combined by chance."""

# Of men and of women.
SURNAMES: tuple[tuple[str, str], ...] = (
    ("Nowak", "Nowak"),
    ("Kowalski", "Kowalska"),
    ("Wiśniewski", "Wiśniewska"),
    ("Wójcik", "Wójcik"),
    ("Kowalczyk", "Kowalczyk"),
    ("Kamiński", "Kamińska"),
    ("Lewandowski", "Lewandowska"),
    ("Zieliński", "Zielińska"),
    ("Szymański", "Szymańska"),
    ("Woźniak", "Woźniak"),
    ("Dąbrowski", "Dąbrowska"),
    ("Kozłowski", "Kozłowska"),
    ("Jankowski", "Jankowska"),
    ("Mazur", "Mazur"),
    ("Krawczyk", "Krawczyk"),
    ("Piotrowski", "Piotrowska"),
    ("Grabowski", "Grabowska"),
    ("Pawłowski", "Pawłowska"),
    ("Michalski", "Michalska"),
    ("Król", "Król"),
    ("Wróbel", "Wróbel"),
    ("Jabłoński", "Jabłońska"),
    ("Ślusarczyk", "Ślusarczyk"),
    ("Gąsior", "Gąsior"),
    ("Żak", "Żak"),
    ("Łuczak", "Łuczak"),
    ("Ćwik", "Ćwik"),
    ("Dziędziel-Wrześniewski", "Dziędziel-Wrześniewska"),
)

GIVEN_NAMES: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("Jan", "Andrzej", "Piotr", "Krzysztof", "Paweł", "Tomasz", "Michał", "Marcin", "Łukasz", "Świętosław"),
    (
        "Anna",
        "Maria",
        "Katarzyna",
        "Małgorzata",
        "Agnieszka",
        "Ewa",
        "Zofia",
        "Barbara",
        "Żaneta",
        "Elżbieta",
    ),
)

STREETS: tuple[str, ...] = ("Słoneczna", "Lipowa", "Źródlana", "Łąkowa", "Ogrodowa", "Świerkowa", "Różana")
