package org.voco4j.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sentences for failures of files: the path and why. The JDK's exceptions say the one with their message and the other,
 * where the operating system had a common reason, only with their class.
 */
public final class FileReason {
    private static final String REPLACED = "\uFFFD"; // stands in a name for bytes that are no characters

    private FileReason() {}

    /** {@code PATH: why}, of an exception of the file system; of any other its message. */
    public static String of(Throwable failure) {
        String path = path(failure);
        return path == null ? message(failure) : path + ": " + why(failure);
    }

    /** Why a scan is left out: what the file system refuses names its file, anything else does not, want of memory among it. */
    public static String ofScan(Path scan, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return scan
                    + ": too large for the memory there is; VOCO_JAVA_OPTS=-Xmx16g, for example, gives the Java heap 16 GB";
        }
        return failure instanceof IOException ? of(failure) : scan + ": " + of(failure);
    }

    /** The same about a path of which the exception may know only a part, or a file beside it: always {@code PATH: why}. */
    public static String of(Path path, Throwable failure) {
        return path + ": " + why(path, failure);
    }

    /** The same without the path, where that is said already. */
    public static String why(Path path, Throwable failure) {
        String why = why(failure);
        String named = path + ": ";
        return why.startsWith(named) ? why.substring(named.length()) : why;
    }

    /** Why, without the path of an exception of the file system; of any other exception its message. */
    public static String why(Throwable failure) {
        String path = path(failure);
        if (path == null) {
            return message(failure);
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return absent(path);
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "a file of this name is there already";
        }
        if (failure instanceof NotDirectoryException) {
            return "it is no folder";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (failure instanceof FileSystemLoopException) {
            return "a link that leads back to a folder it lies in";
        }
        if (failure instanceof InvalidPathException invalid) {
            return unnameable(String.valueOf(invalid.getReason()));
        }
        String reason = failure instanceof FileSystemException system
                ? system.getReason()
                : message(failure).replaceFirst("(?s).* \\((.*)\\)$", "$1"); // FileNotFoundException: PATH (WHY)
        return reason == null ? failure.getClass().getSimpleName() : lowered(reason);
    }

    /**
     * Whether the name of a file in a folder holds bytes that are no characters in the encoding that Java has for names:
     * other files may have the same name as text, and the text finds none of them.
     */
    public static boolean isUndecoded(Path path) {
        String name = path.toString();
        if (!name.contains(REPLACED)) {
            return false;
        }
        try {
            return !Path.of(name).equals(path); // the replacement may stand in the name itself
        } catch (InvalidPathException unnameable) {
            return true;
        }
    }

    /** What to do about a file whose name {@link #isUndecoded}, with the bytes, which tell it from others of the same text. */
    public static String undecoded(Path path) {
        String[] names = path.toUri().getRawPath().split("/");
        return unnameable("its name, " + names[names.length - 1] + " in bytes, holds some that are no characters");
    }

    /** The same about a name of which only the text is known. */
    private static String undecoded() {
        return unnameable("its name holds bytes that are no characters");
    }

    private static String unnameable(String found) {
        return found + " in the encoding of file names here, " + System.getProperty("sun.jnu.encoding", "unknown")
                + ": rename it, or use the locale in which it was named (LC_ALL=C.UTF-8, for example)";
    }

    private static @Nullable String path(Throwable failure) {
        if (failure instanceof FileSystemException system) {
            return system.getFile();
        }
        if (failure instanceof InvalidPathException invalid) {
            return invalid.getInput();
        }
        String message = failure.getMessage();
        return failure instanceof FileNotFoundException && message != null && message.endsWith(")")
                ? message.replaceFirst("(?s) \\([^(]*\\)$", "")
                : null;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** A link without target is there, and a file is not made where its folder is missing. */
    private static String absent(String name) {
        try {
            Path path = Path.of(name);
            Path folder = path.toAbsolutePath().getParent();
            if (Files.isSymbolicLink(path)) {
                return danglingLink(path);
            }
            if (name.contains(REPLACED)) {
                return "no such file; " + undecoded();
            }
            boolean foldered = folder == null || Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
            return foldered ? "no such file" : "there is no folder " + folder;
        } catch (InvalidPathException unnameable) {
            return why(unnameable);
        }
    }

    /** What is to say of a path where nothing was found, to go on a sentence with: empty if there is nothing to add. */
    public static String absence(Path path) {
        if (Files.isSymbolicLink(path)) {
            return ": " + danglingLink(path);
        }
        return path.toString().contains(REPLACED) ? "; " + undecoded() : "";
    }

    /** What a link says whose target is not there. */
    public static String danglingLink(Path link) {
        try {
            return "a link whose target " + Files.readSymbolicLink(link) + " does not exist";
        } catch (IOException unreadable) {
            return "a link whose target does not exist";
        }
    }

    /** In the middle of a sentence. */
    private static String lowered(String reason) {
        boolean word = reason.length() > 1 && Character.isLowerCase(reason.charAt(1));
        return word ? Character.toLowerCase(reason.charAt(0)) + reason.substring(1) : reason;
    }
}
