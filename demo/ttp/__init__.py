"""The trusted third party, whom everybody else in the demo relies on."""
