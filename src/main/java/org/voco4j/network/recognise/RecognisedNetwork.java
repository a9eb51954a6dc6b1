package org.voco4j.network.recognise;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network whose names and shapes are in a file. */
final class RecognisedNetwork {
    final String name;
    final @Nullable String version;
    final boolean ours;
    final Pattern claims;
    final Map<String, Object> facts = new LinkedHashMap<>();
    String within = "";

    /**
     * A sighting without facts.
     *
     * @param ours whether there is a class for it in this package
     * @param parts the first parts of its names, as a regular expression
     */
    RecognisedNetwork(String name, @Nullable String version, boolean ours, String parts) {
        this.name = name;
        this.version = version;
        this.ours = ours;
        this.claims = Pattern.compile("(" + parts + ")\\..*");
    }

    /** Adds a number, a list or a word; a number of 0 is not known and left out. */
    RecognisedNetwork with(String fact, Object value) {
        if (!(value instanceof Number number) || number.longValue() != 0) {
            facts.put(fact, value);
        }
        return this;
    }

    /** Says that all its names begin with a part, with its dot, which is no name of its own. */
    RecognisedNetwork within(String part) {
        within = part;
        return this;
    }
}
