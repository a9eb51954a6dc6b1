package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void namesOutOfFilesDoNotSteerIt() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, false);
        String name = "Bauch\u00fc\t\u001b[2J\u009b1A\rx\r\nlunge";
        terminal.print(name);
        terminal.say(name);
        terminal.warn(name);
        String shown = "Bauch\u00fc\t?[2J?1A?x\r\nlunge" + System.lineSeparator();
        assertThat(out).hasToString(shown);
        assertThat(err).hasToString(shown + shown);
    }
}
