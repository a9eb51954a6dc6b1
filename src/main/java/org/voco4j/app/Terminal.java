package org.voco4j.app;

import java.io.PrintWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command says: its result on standard output, everything else on standard error.
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

    /** Whether the result is asked for as JSON. */
    boolean json() {
        return json;
    }

    /** A line of the result for a reader; on standard error when the result is asked for as JSON. */
    void print(String line) {
        if (!json) {
            out.println(line);
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
            err.println(line);
            err.flush();
        }
    }

    /** Something the user has to know even with {@code --quiet}. */
    void warn(String line) {
        err.println(line);
        err.flush();
    }
}
