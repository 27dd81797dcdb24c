from bench.engine import errors


def test_every_error_can_be_caught_as_an_engine_error() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    assert len(classes) > 5
    assert all(issubclass(one, errors.EngineError) for one in classes)
