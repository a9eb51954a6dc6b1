package org.voco4j.program.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an archive says with a refusal, fit for the end of a sentence: one short line without markup. */
final class ServerWords {
    private static final int SHOWN = 160;
    private static final List<String> SAYING = List.of("Message", "message", "detail", "title", "error");

    private ServerWords() {}

    /** The message in a body: of JSON its field for one, else all of it without markup; empty if there is none. */
    static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            JsonNode document = JsonMapper.shared().readTree(text);
            for (String name : SAYING) {
                if (document.path(name).isString()) {
                    return document.path(name).asString();
                }
            }
        } catch (JacksonException other) {
            // a page or plain text
        }
        return text.replaceAll("(?is)<(style|script)\\b.*?</\\1>|<[^>]*>", " ");
    }

    /** A text in one line of bounded length. */
    static String shortened(String text) {
        String line = text.replaceAll("[\\p{Cc}\\s]+", " ").strip();
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
