package org.voco4j.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

/**
 * A run's folder, locked while it is used.
 *
 * <p>Files: {@code config.yaml}, {@code run.json}, {@code metrics.jsonl}, TensorBoard events, {@code progress.png},
 * {@code checkpoint_latest.safetensors}, {@code checkpoint_previous.safetensors}, {@code checkpoint_best.safetensors},
 * {@code model.safetensors}; {@code split.json} of a pre-training on files.
 */
public final class RunFolder implements AutoCloseable {
    /** The file of the checkpoint that measured best. */
    public static final String BEST = "checkpoint_best.safetensors";

    /** Keys that may differ when a run is taken up again. */
    private static final Set<String> FREE = Set.of("steps", "data.cache");

    private static final String LOCK = ".lock";

    private static final List<String> FREE_GROUPS = List.of("log.", "loader.", "checkpoint.", "gate.", "validation.");

    /**
     * The folders in use in this process. Asking the file lock instead would give it up: on POSIX systems a process loses
     * its lock on a file when it closes any channel to it.
     */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RecipeTree recipe;
    private final FileChannel lockFile; // holds the lock until it is closed
    private final Path inUse;
    private final List<Path> made;
    private final boolean resumed;

    private RunFolder(
            Path path, RecipeTree recipe, FileChannel lockFile, Path inUse, List<Path> made, boolean resumed) {
        this.path = path;
        this.recipe = recipe;
        this.lockFile = lockFile;
        this.inUse = inUse;
        this.made = made;
        this.resumed = resumed;
    }

    /**
     * Opens a folder for a new run, or takes one up again.
     *
     * @param resume whether a run that is there is to be continued
     * @throws UsageException if a run is there and {@code resume} is false, if another process uses it, if the folder
     *     cannot be written, or if its recipe differs in more than steps, logging and loading
     */
    public static RunFolder open(Path path, RecipeTree recipe, boolean resume) throws IOException {
        return open(path, recipe, resume, false);
    }

    /**
     * Opens a folder whose recipe may differ from one start to the next: what is done there is told apart otherwise.
     *
     * @throws UsageException as {@link #open}; if a run of another kind is there
     */
    public static RunFolder openChanging(Path path, RecipeTree recipe) throws IOException {
        return open(path, recipe, true, true);
    }

    private static RunFolder open(Path path, RecipeTree recipe, boolean resume, boolean changing) throws IOException {
        Path inUse;
        List<Path> made = missing(path);
        try {
            Files.createDirectories(path);
            inUse = path.toRealPath();
        } catch (IOException e) {
            throw new UsageException("the run folder " + path + " cannot be made: " + FileReason.why(e), e);
        }
        if (!IN_USE.add(inUse)) {
            throw inUse(path);
        }
        try {
            return open(path, recipe, resume, changing, inUse, made);
        } catch (IOException | RuntimeException e) {
            removeEmpty(path, made);
            IN_USE.remove(inUse);
            throw e;
        }
    }

    private static RunFolder open(
            Path path, RecipeTree recipe, boolean resume, boolean changing, Path inUse, List<Path> made)
            throws IOException {
        FileChannel lockFile;
        try {
            lockFile = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UsageException("the run folder " + path + " cannot be written: " + FileReason.why(e), e);
        }
        try {
            if (lockFile.tryLock() == null) {
                throw inUse(path);
            }
            Path config = path.resolve("config.yaml");
            boolean there = Files.exists(config);
            if (there && !resume) {
                throw new UsageException(
                        "there is a run in " + path + "; --resume continues it, another --out starts a new one");
            }
            RecipeTree before = there ? RecipeTree.load(recipe.kind(), config.toString(), List.of()) : recipe;
            if (!changing) {
                refuseChanges(path, before, recipe);
            }
            return new RunFolder(path, recipe, lockFile, inUse, made, there);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /** The folders of a path that are not there, the innermost first. */
    private static List<Path> missing(Path path) {
        List<Path> missing = new ArrayList<>();
        for (Path at = path.toAbsolutePath().normalize(); at != null && Files.notExists(at); at = at.getParent()) {
            missing.add(at);
        }
        return missing;
    }

    /** Removes folders that were made for a run that did not begin, as far as nothing but the lock is in them. */
    private static void removeEmpty(Path path, List<Path> made) throws IOException {
        if (made.isEmpty() || !Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            if (!files.allMatch(file -> file.endsWith(LOCK))) {
                return;
            }
        }
        Files.deleteIfExists(path.resolve(LOCK)); // while it is held: whoever opened it meanwhile finds it locked
        try {
            for (Path folder : made) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException others) {
            // something else was put there meanwhile; or, on Windows, the lock goes when it is closed
        }
    }

    private static UsageException inUse(Path path) {
        return new UsageException("the run folder " + path
                + " is in use by another run; wait for its end or stop it, or give another folder");
    }

    private static void refuseChanges(Path path, RecipeTree before, RecipeTree now) {
        List<String> changes = before.changesTo(now).stream()
                .filter(change -> !isFree(change.path()))
                .map(change -> change.path() + " was " + change.before() + " and is now " + change.after())
                .toList();
        if (!changes.isEmpty()) {
            throw new UsageException("the run in " + path + " cannot be continued with another configuration: "
                    + String.join("; ", changes));
        }
    }

    private static boolean isFree(String key) {
        return FREE.contains(key) || FREE_GROUPS.stream().anyMatch(key::startsWith);
    }

    /** Notes the recipe, once everything it asks for is known to be possible: from now on there is a run here. */
    public void begin() throws IOException {
        AtomicFile.removeParts(path); // of processes that were killed; they could fill the disk
        AtomicFile.write(path.resolve("config.yaml"), recipe.toYaml());
    }

    /**
     * The recipe as YAML without the keys that change how a run goes and not what comes of it, so that a run that was taken
     * up again with other values for them leaves the same model file.
     */
    public String configuration() {
        return configuration(recipe, key -> true);
    }

    /** Those of the same keys of a recipe that are wanted: what decides what comes of a run. */
    public static String configuration(RecipeTree recipe, Predicate<String> wanted) {
        return recipe.toYaml(key -> (key.equals("steps") || !isFree(key)) && wanted.test(key));
    }

    /** Whether there was a run. */
    public boolean resumed() {
        return resumed;
    }

    /** The place of a file of the run. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** Lets others use the folder; one that was made for a run that did not begin is removed. */
    @Override
    public void close() throws IOException {
        try {
            removeEmpty(path, made);
            lockFile.close();
            removeEmpty(path, made);
        } finally {
            IN_USE.remove(inUse);
        }
    }
}
