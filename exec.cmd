@rem npm's scripts begin with the shell's `exec`, so that no shell stays above the gateway. cmd has none: this is it.
@%*
