package org.voco4j.phantom;

import java.util.List;
import java.util.stream.LongStream;

/** The torsos of seeds 1…20, made once for all tests of this package. */
final class Torsos {
    static final List<Torso> LIST =
            LongStream.rangeClosed(1, 20).parallel().mapToObj(Torso::generate).toList();

    private Torsos() {}
}
