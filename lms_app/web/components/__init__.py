"""The component layer: what pages are built of, on `rx.el` and native elements. One module per family; pages import the modules."""
