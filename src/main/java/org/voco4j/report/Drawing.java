package org.voco4j.report;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Work that draws, on a machine that may not be able to: in a slim container Java finds no font, or no library to draw
 * with, and says so with errors of every kind, from fonts as late as at the first letter.
 */
public final class Drawing {
    private Drawing() {}

    /**
     * Draws, and writes what it drew.
     *
     * @param <E> what else it throws
     */
    @FunctionalInterface
    public interface Job<E extends Exception> {
        /** Does it. */
        void run() throws IOException, E;
    }

    /**
     * Draws where that is possible; other failures pass through.
     *
     * @return why not, for a warning; null if it was drawn
     * @param <E> what else the work throws
     * @throws IOException if what was drawn cannot be written
     */
    public static <E extends Exception> @Nullable String attempt(Job<E> job) throws IOException, E {
        try {
            job.run();
            return null;
        } catch (RuntimeException failure) {
            if (!isJavas(failure)) {
                throw failure;
            }
            return sentence(failure);
        } catch (VirtualMachineError failure) {
            if (!(failure instanceof InternalError)) { // a full heap is no matter of fonts
                throw failure;
            }
            return sentence(failure);
        } catch (Error failure) {
            if (!(failure instanceof LinkageError) && !isJavas(failure)) {
                throw failure;
            }
            return sentence(failure);
        }
    }

    /** Whether Java's own drawing failed, not a program that uses it wrongly and is told so by an argument's check. */
    private static boolean isJavas(Throwable failure) {
        Throwable first = first(failure);
        if (first instanceof IllegalArgumentException || first.getStackTrace().length == 0) {
            return false;
        }
        String where = first.getStackTrace()[0].getClassName();
        return where.startsWith("sun.") || where.startsWith("java.awt.");
    }

    private static Throwable first(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first;
    }

    private static String sentence(Throwable failure) {
        Throwable first = first(failure);
        return "this Java cannot draw text (" + first.getClass().getSimpleName() + ": " + first.getMessage()
                + "); it needs fontconfig and a font, such as the packages fontconfig and fonts-dejavu-core";
    }
}
