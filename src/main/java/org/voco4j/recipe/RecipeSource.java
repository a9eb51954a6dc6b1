package org.voco4j.recipe;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.FileReason;

/** The text of a recipe that is named: a shipped one, or a file of the user's. */
final class RecipeSource {
    private static final long LARGEST_FILE = 1 << 20;

    private RecipeSource() {}

    /** The text of a shipped recipe; null if none has that name. */
    static @Nullable String shipped(String kind, String recipe) {
        return ShippedRecipes.names(kind).contains(recipe) ? ShippedRecipes.text(kind, recipe) : null;
    }

    /**
     * The text of a file.
     *
     * @throws UsageException if there is none, or it is no text of the size of a recipe
     */
    static String file(String kind, String recipe) {
        try {
            Path file = Path.of(recipe);
            if (!Files.exists(file)) {
                throw new UsageException(missing(kind, recipe));
            }
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                throw new UsageException(recipe + ": not a recipe file");
            }
            return Files.readString(file);
        } catch (InvalidPathException e) {
            throw new UsageException(missing(kind, recipe), e);
        } catch (CharacterCodingException e) {
            throw new UsageException(recipe + ": not a text file", e);
        } catch (IOException e) {
            throw new UsageException(recipe + ": cannot be read (" + FileReason.why(e) + ")", e);
        }
    }

    private static String missing(String kind, String recipe) {
        List<String> names = ShippedRecipes.names(kind);
        String meant = Suggestion.nearest(recipe, names);
        return "no recipe and no file " + recipe
                + (meant != null ? ", did you mean " + meant + "?" : "; shipped are " + String.join(", ", names));
    }
}
