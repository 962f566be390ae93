# a comment goes off
fail "the build of ${NAME} mends nothing at all"
