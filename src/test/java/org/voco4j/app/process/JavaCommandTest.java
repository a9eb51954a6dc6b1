package org.voco4j.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class JavaCommandTest {
    private final JavaCommand command = new JavaCommand(JavaCommandTest.class);

    @Test
    void whatTheLauncherStartedGoesThroughIt() {
        System.setProperty("voco.launcher", "/opt/a b/voco");
        try {
            assertThat(command.launched(List.of("info", "--json"))).containsExactly("/opt/a b/voco", "info", "--json");
        } finally {
            System.clearProperty("voco.launcher");
        }
    }

    @Test
    void withoutOneItIsTheSameJavaWithTheSameClasses() {
        assertThat(command.launched(List.of("info")))
                .contains("-cp", System.getProperty("java.class.path"))
                .endsWith(JavaCommandTest.class.getName(), "info");
    }
}
