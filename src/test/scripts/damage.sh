# Ways to damage a file, for the scripts beside this one.

# Cuts a file in half.
truncate_file() { # truncate_file FILE
    truncate -s $(($(wc -c <"$1") / 2)) "$1"
}

# Inverts the byte in the middle of a file.
flip_byte() { # flip_byte FILE
    at=$(($(wc -c <"$1") / 2))
    byte=$(od -A n -t u1 -j $at -N 1 "$1")
    # shellcheck disable=SC2059  # the format is the byte
    printf "\\$(printf %03o $((255 - byte)))" | dd of="$1" bs=1 seek=$at conv=notrunc 2>/dev/null
}
