package org.voco4j.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The recipe files inside the program, one folder per kind of run. */
final class ShippedRecipes {

    static final String DEFAULTS = "defaults";
    static final String RENAMED = "renamed";
    static final String TASKS = "tasks/";
    private static final String ROOT = "/org/voco4j/recipes/";
    private static final String SUFFIX = ".yaml";

    private ShippedRecipes() {}

    /** The text of a recipe, or null if there is none of that name. */
    static @Nullable String text(String kind, String name) {
        try (InputStream in = ShippedRecipes.class.getResourceAsStream(ROOT + kind + "/" + name + SUFFIX)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the recipes of a kind in alphabetical order. */
    static List<String> names(String kind) {
        return list(kind, "").stream()
                .filter(name -> !name.equals(DEFAULTS) && !name.equals(RENAMED))
                .toList();
    }

    /** The words that choose the keys of a kind's group with a task, in alphabetical order; empty if it has none. */
    static List<String> tasks(String kind) {
        return list(kind, TASKS);
    }

    private static List<String> list(String kind, String below) {
        URL defaults = ShippedRecipes.class.getResource(ROOT + kind + "/" + DEFAULTS + SUFFIX);
        if (defaults == null) {
            throw new IllegalArgumentException("no recipes of kind " + kind);
        }
        try {
            if (defaults.openConnection() instanceof JarURLConnection jar) {
                URI file = jar.getJarFileURL().toURI();
                try (FileSystem files = FileSystems.newFileSystem(Path.of(file), (ClassLoader) null)) {
                    return list(files.getPath(ROOT, kind).resolve(below));
                }
            }
            Path folder = Path.of(defaults.toURI()).getParent();
            return folder == null ? List.of() : list(folder.resolve(below));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }
}
