package org.voco4j.app.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program once more, as a child in a UTF-8 locale, where this one was started in a locale of plain ASCII.
 *
 * <p>In the locales C and POSIX, and where the locale named is not installed, Java on Linux can neither open a file whose
 * name has a letter beyond ASCII nor tell two of them apart, and no property changes that: it reads the locale once, when
 * it starts. The launcher {@code voco} sets a locale beforehand; this is for {@code java -jar}. The child has this process's
 * standard streams, folder and Java options, and its exit code is passed on.
 */
public final class Utf8Child {
    private static final String PARENT = "voco.parent"; // its process id; the arguments are escaped then
    private static final int ORPHANED = 1; // exit code
    private static final String LOCALE =
            "C.UTF-8"; // every glibc from 2.35 on has it, and Debian's and Red Hat's before

    private Utf8Child() {}

    /**
     * Runs the child, or does nothing where none is needed.
     *
     * @param main the class that the program begins in
     * @return the child's exit code; null in the child, and where there is none
     */
    public static @Nullable Integer run(Class<?> main, String[] args) {
        if (System.getProperty(PARENT) != null || !isAscii(System.getProperty("sun.jnu.encoding"))) {
            return null;
        }
        try {
            List<String> command = new JavaCommand(main)
                    .of(
                            List.of("-D" + PARENT + "="
                                    + ProcessHandle.current().pid()),
                            escaped(Files.readAllBytes(Path.of("/proc/self/cmdline")), args.length));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("LC_ALL", LOCALE);
            return exitCode(builder.start());
        } catch (IOException notLinux) { // or no such command: names of ASCII work all the same
            return null;
        }
    }

    /** Waits for the child; a signal to this process goes on to it, and this one ends after it. */
    private static int exitCode(Process child) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            child.destroy();
            await(child);
        }));
        return await(child);
    }

    private static int await(Process child) {
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException nobodyDoes) {
                child.destroy();
            }
        }
    }

    private static boolean isAscii(@Nullable String charset) {
        return charset != null
                && Charset.isSupported(charset)
                && Charset.forName(charset).equals(StandardCharsets.US_ASCII);
    }

    /**
     * The arguments as they were given; in the child those that its parent escaped. The child ends, as after a
     * signal, when its parent is gone.
     */
    public static String[] arguments(String[] args) {
        String parent = System.getProperty(PARENT);
        if (parent == null) {
            return args;
        }
        Thread watch = new Thread(
                () -> {
                    ProcessHandle.of(Long.parseLong(parent))
                            .ifPresent(process -> process.onExit().join());
                    System.exit(ORPHANED);
                },
                "voco-parent");
        watch.setDaemon(true);
        watch.start();
        return Arrays.stream(args).map(Utf8Child::plain).toArray(String[]::new);
    }

    /**
     * The last arguments of a process with every byte beyond ASCII as %XX, because Java passes a child no others.
     *
     * @param line the arguments as Linux holds them, each with a zero behind it
     */
    static List<String> escaped(byte[] line, int count) {
        List<String> all = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        for (byte b : line) {
            if (b == 0) {
                all.add(argument.toString());
                argument.setLength(0);
            } else if (b < 0 || b == '%') {
                argument.append(String.format("%%%02X", b & 0xFF));
            } else {
                argument.append((char) b);
            }
        }
        return all.subList(all.size() - count, all.size());
    }

    /** The argument that was escaped, read as UTF-8. */
    static String plain(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
