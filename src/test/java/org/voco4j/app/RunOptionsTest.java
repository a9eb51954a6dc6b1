package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunOptionsTest {
    @Test
    void theUsersFolderForCachesIsWhereTheSystemHasIt() {
        assertThat(RunOptions.userCache(Map.of(), "home")).isEqualTo(Path.of("home/.cache/voco4j"));
        assertThat(RunOptions.userCache(Map.of("XDG_CACHE_HOME", ""), "home")).isEqualTo(Path.of("home/.cache/voco4j"));
        assertThat(RunOptions.userCache(Map.of("LOCALAPPDATA", "local"), "home"))
                .isEqualTo(Path.of("local/voco4j"));
        assertThat(RunOptions.userCache(Map.of("LOCALAPPDATA", "local", "XDG_CACHE_HOME", "xdg"), "home"))
                .isEqualTo(Path.of("xdg/voco4j"));
    }
}
