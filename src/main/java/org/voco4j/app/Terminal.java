package org.voco4j.app;

import java.io.PrintWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command says: its result on standard output, everything else on standard error. Names and texts out of files cannot steer the
 * terminal in it: control characters but tabs and ends of lines become question marks.
 *
 * <p>With {@code --json} standard output carries one JSON document and nothing more.
 */
final class Terminal {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean quiet;

    Terminal(PrintWriter out, PrintWriter err, boolean json, boolean quiet) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
    }

    /** A text that does nothing to a terminal but stand there. */
    static String printable(String text) {
        return text.replaceAll("\r(?!\n)|[\\p{Cc}&&[^\r\n\t]]", "?");
    }

    /** Whether the result is asked for as JSON. */
    boolean json() {
        return json;
    }

    /** A line of the result for a reader; on standard error when the result is asked for as JSON. */
    void print(String line) {
        if (!json) {
            out.println(printable(line));
            out.flush();
        } else {
            say(line);
        }
    }

    /** The result as a JSON document on one line: records, maps, lists, numbers and strings. */
    void document(Object result) {
        out.println(JsonMapper.shared().writeValueAsString(result));
        out.flush();
    }

    /** Progress, left out with {@code --quiet}. */
    void say(String line) {
        if (!quiet) {
            err.println(printable(line));
            err.flush();
        }
    }

    /** Something the user has to know even with {@code --quiet}. */
    void warn(String line) {
        err.println(printable(line));
        err.flush();
    }
}
