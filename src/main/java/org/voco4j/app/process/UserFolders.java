package org.voco4j.app.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this user's caches lie, also for a user without a home: a user id that the system does not know (containers), a
 * home that is not there or cannot be written to.
 *
 * @param home the user's home; null where there is none
 * @param cache the folder for what can be made again
 */
public record UserFolders(@Nullable Path home, Path cache) {
    private static final String OURS = "voco4j";

    /** The folders of this process. */
    public static UserFolders here() {
        return of(System.getenv(), System.getProperty("user.home"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * Finds them: XDG_CACHE_HOME, else the system's place in the user's home, else the folder for temporary files.
     *
     * @param userHome what Java takes for the home: of an unknown user id it says "?", whatever HOME is
     */
    static UserFolders of(Map<String, String> environment, String userHome, Path temporary) {
        Path home = null;
        for (String place : new String[] {userHome, environment.getOrDefault("HOME", "")}) {
            if (home == null && Path.of(place).isAbsolute() && Files.isWritable(Path.of(place))) {
                home = Path.of(place);
            }
        }
        Path given = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        if (given.isAbsolute()) {
            return new UserFolders(home, given.resolve(OURS));
        }
        if (home == null) {
            return new UserFolders(null, temporary.resolve(OURS + "-" + userId()));
        }
        String windows = environment.getOrDefault("LOCALAPPDATA", "");
        Path caches = windows.isEmpty() ? home.resolve(".cache") : Path.of(windows);
        return new UserFolders(home, caches.resolve(OURS));
    }

    /**
     * Gives Java and JavaCPP a home where they have none, before they make a folder named "?" where the program was
     * started. Where there is one, libtorch stays in JavaCPP's own {@code ~/.javacpp/cache}, which other programs share.
     */
    public static void settle() {
        UserFolders folders = here();
        Path home = folders.home;
        if (home == null) {
            home = isOwn(folders.cache) ? folders.cache : fresh(folders.cache);
            if (System.getProperty("org.bytedeco.javacpp.cachedir") == null) {
                System.setProperty(
                        "org.bytedeco.javacpp.cachedir", home.resolve("javacpp").toString());
            }
        }
        System.setProperty("user.home", home.toString());
    }

    /**
     * Makes the folder where it is missing; whether nobody else can put a library into it: it is this user's, who alone may
     * write there. Anybody can make a folder in the one for temporary files.
     */
    private static boolean isOwn(Path folder) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            String mode =
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && mode.startsWith("rwx")
                    && mode.charAt(5) != 'w'
                    && mode.charAt(8) != 'w'
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(userId());
        } catch (IOException | UnsupportedOperationException cannot) {
            return false;
        }
    }

    /** A folder of this process alone. */
    private static Path fresh(Path beside) {
        try {
            return Files.createTempDirectory(OURS);
        } catch (IOException e) {
            return beside; // nothing can be written there either, and who writes says so
        }
    }

    /** The number of this process's user, of Windows the name. */
    private static Object userId() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notLinux) {
            return System.getProperty("user.name");
        }
    }
}
