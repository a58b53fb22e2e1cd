@node "%~dp0sluice.mjs" %*
