"""What an application of image-match has to change to use the new index."""

from bench.migrate.plan import MigrationPlan
from bench.migrate.prefix import TOP
from imgsig.compat.records import PATH, SIGNATURE, WORD
from imgsig.layouts import FieldPerWord


def reads_it_as_before(plan: MigrationPlan) -> bool:
    """Whether image-match's own query and its distance work on the new index as they are."""
    layout, matcher = plan.layout, plan.layout.matcher
    found = isinstance(matcher, FieldPerWord) and matcher.prefix == WORD
    same = plan.variant.scheme == plan.detected.scheme and plan.source.prefixes == TOP
    arrays = plan.variant.get_codec().stored_type is list and layout.signature.name == SIGNATURE
    return found and same and arrays and layout.path in ("dynamic", "source", "keyword")


def changes(plan: MigrationPlan) -> list[str]:
    """The lines of code with which an application uses the new index."""
    if reads_it_as_before(plan):
        return [
            "What the application must change: nothing but the name of the index. image-match "
            "finds the words, and reads signature and path, where they were."
        ]
    name, stored = plan.index, plan.variant.stores_signature
    within = ", max_distance=0.45" if stored else ""
    return [
        "What the application must change, before anything leads it to the new index: the query of "
        "image-match finds nothing there and reports no error, as words and signatures are stored "
        "in another way. Use imgsig.index.ImageIndex in its place:",
        "",
        "    from imgsig.index import ImageIndex",
        f'    index = ImageIndex.open(client, "{name}")',
        f'    matches = index.search("query.jpg"{within}, filter={{"term": {{"metadata.x": 3}}}})',
        '    index.add("new.jpg", metadata={"metadata": {"x": 3}})',
        "",
        *(_as_image_match(plan) if stored else []),
        f"Their ids and {PATH}s are those of the source.",
    ]


def _as_image_match(plan: MigrationPlan) -> list[str]:
    return [
        "or, where its calls are to stay as they are, imgsig.compat.SignatureES:",
        "",
        "    from imgsig.compat import SignatureES",
        f'    ses = SignatureES(client, index="{plan.index}", layout="{plan.variant.layout}")',
        '    results = ses.search_image("query.jpg", pre_filter={"term": {"metadata.x": 3}})',
        "",
    ]
