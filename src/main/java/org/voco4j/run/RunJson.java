package org.voco4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON files of a run. */
public final class RunJson {
    private RunJson() {}

    /**
     * Reads one that was written whole.
     *
     * @throws IOException if it cannot be read or is no JSON
     */
    public static JsonNode read(Path file) throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException damaged) {
            throw new IOException(file + " is damaged: expected JSON as it was written", damaged);
        }
    }

    /** Puts a number: a whole one without a decimal point, one that is not finite as null, for JSON has no NaN. */
    public static void put(ObjectNode node, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            node.put(name, (long) value);
        } else if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
