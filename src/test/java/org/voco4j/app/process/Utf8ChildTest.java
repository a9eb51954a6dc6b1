package org.voco4j.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8ChildTest {
    @Test
    void argumentsReachTheChildInAsciiAndComeBack() {
        List<String> arguments = List.of("-i", "Schädel/Größe 1%C3.nii", "", "頭部", "%", "a\nb");
        String line = "java\0-jar\0voco.jar\0" + String.join("\0", arguments) + "\0";
        List<String> escaped = Utf8Child.escaped(line.getBytes(StandardCharsets.UTF_8), arguments.size());
        assertThat(escaped)
                .allMatch(each -> StandardCharsets.US_ASCII.newEncoder().canEncode(each));
        assertThat(escaped.stream().map(Utf8Child::plain)).isEqualTo(arguments);
    }
}
