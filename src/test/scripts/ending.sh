# How the scripts beside this one end before their end.

# Something that they need is missing.
skip() { # skip WORDS
    echo "skipped: $1"
    exit 77
}

# Something is wrong.
fail() { # fail WORDS
    echo "FAILED: $1"
    exit 1
}
