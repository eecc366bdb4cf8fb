"""The formats that keys are kept and shown in, one file each."""
