package org.voco4j.engine.store;

import java.io.IOException;

/** The escapes in which the pickle protocols 0 and 1 write text; what is not escaped is Latin-1. */
final class PickleText {
    private PickleText() {}

    /** A Python 2 string with its quotes: {@code 'it\'s'}. */
    static String unquoted(String line, Budget budget) throws IOException {
        String text = line.strip();
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        if (text.length() < 2 || (quote != '\'' && quote != '"') || text.charAt(text.length() - 1) != quote) {
            throw new IllegalArgumentException("a string without quotes");
        }
        return unescaped(text.substring(1, text.length() - 1), true, budget);
    }

    /**
     * Text with backslashes: \\uHHHH and \\UHHHHHHHH.
     *
     * @param all whether also \n, \t, \r, \xHH, \\ and quotes are escapes, as in a string of Python 2
     */
    static String unescaped(String line, boolean all, Budget budget) throws IOException {
        if (line.indexOf('\\') < 0) {
            return line;
        }
        budget.charge(64 + 8L * line.length());
        StringBuilder text = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\\' || i + 1 == line.length()) {
                text.append(c);
                continue;
            }
            char escape = line.charAt(++i);
            int digits = escape == 'u' ? 4 : escape == 'U' ? 8 : escape == 'x' && all ? 2 : 0;
            if (digits > 0) {
                text.appendCodePoint(Integer.parseInt(line.substring(i + 1, i + 1 + digits), 16));
                i += digits;
            } else if (!all) {
                text.append('\\').append(escape);
            } else {
                switch (escape) {
                    case 'n' -> text.append('\n');
                    case 't' -> text.append('\t');
                    case 'r' -> text.append('\r');
                    case '\\', '\'', '"' -> text.append(escape);
                    default -> text.append('\\').append(escape);
                }
            }
        }
        return text.toString();
    }
}
