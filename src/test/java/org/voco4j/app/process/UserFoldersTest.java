package org.voco4j.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFoldersTest {
    @TempDir
    private Path home;

    @TempDir
    private Path other;

    private Path cache(Map<String, String> environment, String userHome) {
        return UserFolders.of(environment, userHome, other).cache();
    }

    @Test
    void cachesLieWhereTheSystemHasThem() {
        Path usual = home.resolve(".cache/voco4j");
        assertThat(cache(Map.of(), home.toString())).isEqualTo(usual);
        assertThat(cache(Map.of("XDG_CACHE_HOME", ""), home.toString())).isEqualTo(usual);
        assertThat(cache(Map.of("LOCALAPPDATA", "local"), home.toString())).isEqualTo(Path.of("local/voco4j"));
        assertThat(cache(Map.of("LOCALAPPDATA", "local", "XDG_CACHE_HOME", "/xdg"), home.toString()))
                .isEqualTo(Path.of("/xdg/voco4j").toAbsolutePath());
    }

    @Test
    void ofAnUnknownUserJavaSaysAQuestionMarkAndHomeCounts() {
        assertThat(cache(Map.of("HOME", home.toString()), "?")).isEqualTo(home.resolve(".cache/voco4j"));
        assertThat(UserFolders.of(Map.of("HOME", home.toString()), "?", other).home())
                .isEqualTo(home);
    }

    @Test
    void withoutAHomeCachesGoToTheFolderForTemporaryFiles() {
        for (String none : new String[] {"?", home.resolve("gone").toString(), ""}) {
            UserFolders folders = UserFolders.of(Map.of("HOME", none), none, other);
            assertThat(folders.home()).isNull();
            assertThat(folders.cache().getParent()).isEqualTo(other);
            assertThat(folders.cache().getFileName().toString()).startsWith("voco4j-");
        }
        assertThat(UserFolders.of(Map.of("XDG_CACHE_HOME", "/xdg"), "?", other).cache())
                .isEqualTo(Path.of("/xdg/voco4j").toAbsolutePath());
    }

    @Test
    void aRelativeFolderForCachesDoesNotCount() { // the specification of XDG has it so
        assertThat(cache(Map.of("XDG_CACHE_HOME", "xdg"), home.toString())).isEqualTo(home.resolve(".cache/voco4j"));
    }
}
