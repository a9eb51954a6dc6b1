package org.voco4j.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that people wrote, or programs of theirs: strict but for Python's NaN, faults by line and column. */
public final class JsonFile {
    private static final double MOST = 1e9; // as many digits as whole numbers have in texts
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final String BOM = "\uFEFF"; // what some editors put in front
    private static final int SHOWN = 30; // characters of what is at fault

    private JsonFile() {}

    /**
     * The root of a file; a missing node if it is blank.
     *
     * @throws IOException as {@code PATH, line 3, column 7: a comma with nothing after it} if it is no JSON
     */
    public static JsonNode read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": expected JSON in UTF-8, found other bytes", e);
        }
        String content = text.startsWith(BOM) ? text.substring(1) : text;
        try {
            return MAPPER.readTree(content);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            if (at == null || at.getCharOffset() < 0) {
                throw new IOException(
                        file + ": not JSON that can be read: nested too deeply, or a number or text too long", e);
            }
            String fault = e instanceof UnexpectedEndOfInputException
                    ? "it ends before every bracket and quote is closed"
                    : fault(content, (int) at.getCharOffset());
            throw new IOException(file + ", line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + fault, e);
        }
    }

    /** A whole number that is not negative, also as text or with a decimal point; null if it is none. */
    public static @Nullable Integer whole(JsonNode value) {
        if (value.isString()) {
            return whole(value.asString());
        }
        double number = value.isNumber() ? value.doubleValue() : -1;
        return number >= 0 && number < MOST && number == Math.rint(number) ? (int) number : null;
    }

    /** The same of a text of digits. */
    public static @Nullable Integer whole(String text) {
        return text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
    }

    private static String fault(String text, int at) {
        String rest = text.substring(at);
        char found = rest.charAt(0);
        String before = text.substring(0, at).stripTrailing();
        if ((found == '}' || found == ']') && before.endsWith(",")) {
            return "a comma with nothing after it";
        }
        if (found < ' ') {
            return "a quote that is not closed in its line";
        }
        if (before.endsWith("\\")) {
            return "a backslash before '" + found + "': write \\\\ for a backslash";
        }
        if (found == '/' || found == '#') {
            return "a comment, which JSON does not have";
        }
        String shown = rest.lines().findFirst().orElse("");
        return "not valid JSON at " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown)
                + " (commas between entries? double quotes around names and texts? all brackets closed?)";
    }
}
