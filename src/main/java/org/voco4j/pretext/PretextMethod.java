package org.voco4j.pretext;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.network.Backbone;
import org.voco4j.volume.Shape3;

/**
 * A way to pre-train, under its name in a recipe: its keys, its task, and what is said of it. All are listed in
 * {@code pretext/catalogue/Methods}.
 *
 * @param <S> its keys, whose defaults are in {@code recipes/pretrain/tasks/NAME.yaml}
 */
public abstract class PretextMethod<S extends Record> {
    /** The paper's bases (VoCo, Table 7): what the gate asks for, and how large random crops are, unless a method says otherwise. */
    public static final Shape3 GRID = new Shape3(4, 4, 1);

    private final String name;
    private final MethodAbout about;
    private final Class<S> settings;

    /**
     * A method.
     *
     * @param name what recipes call it
     * @param about what is said of it
     * @param settings the record of its keys
     */
    protected PretextMethod(String name, MethodAbout about, Class<S> settings) {
        this.name = name;
        this.about = about;
        this.settings = settings;
    }

    /** What recipes call it. */
    public final String name() {
        return name;
    }

    /** What is said of it to those who choose one. */
    public final MethodAbout about() {
        return about;
    }

    /** The record of its keys. */
    public final Class<S> settings() {
        return settings;
    }

    /**
     * Refuses keys that can never work.
     *
     * @param volume the size that scans are brought to
     * @param crop edge of a crop
     * @throws IllegalArgumentException with the key
     */
    public void require(S settings, Shape3 volume, int crop) {}

    /**
     * Its task, with weights drawn from the seed.
     *
     * @throws IllegalArgumentException if it cannot be built so, with the key
     */
    public abstract PretextTask task(S settings, Setup setup);

    /** Bases along each axis, among which the gate asks where a crop lies. */
    public Shape3 grid(S settings, Shape3 volume) {
        return GRID;
    }

    /** Whether it cuts windows of {@code data.size} out of scans itself, which then keep their own size; held-out ones are brought to it anyway. */
    public boolean cutsWindows(S settings) {
        return false;
    }

    /** Which of its variants is trained, where it has some. */
    public @Nullable String variant(S settings) {
        return null;
    }

    /** All choices in words, for a run's record. */
    public String describe(S settings, Shape3 volume, int crop) {
        return settings.toString();
    }

    /** What a model file says of the method beside its name: key → value. */
    public Map<String, String> metadata(S settings) {
        return Map.of();
    }

    /** Likely causes of a failure that lie in its keys; what every run may suffer from is named without it. */
    public List<LikelyCause> causes(S settings, Verdict verdict) {
        return List.of();
    }

    /** What is drawn of its losses: title → name of a curve → the metric. */
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", Map.of("total", "loss"));
    }

    /** The curves of what {@link PretextTask#score} measures, in training and on held-out scans: name → the metric. */
    protected static Map<String, String> scored(String measure) {
        Map<String, String> curves = new LinkedHashMap<>();
        curves.put("in training", measure);
        curves.put("held-out", "gate/task." + measure);
        return curves;
    }

    /**
     * A method with its keys.
     *
     * @param <S> the keys
     */
    public record Chosen<S extends Record>(PretextMethod<S> method, S settings) {
        /** Refuses keys that can never work, and encoders that it cannot teach. */
        public void require(Shape3 volume, int crop, Backbone.Name encoder) {
            method.about.require(method.name, encoder);
            method.require(settings, volume, crop);
        }

        /** Its task. */
        public PretextTask task(Setup setup) {
            return method.task(settings, setup);
        }

        /** The gate's bases along each axis. */
        public Shape3 grid(Shape3 volume) {
            return method.grid(settings, volume);
        }

        /** Whether it cuts windows out of scans itself. */
        public boolean cutsWindows() {
            return method.cutsWindows(settings);
        }

        /** Which of its variants is trained, where it has some. */
        public @Nullable String variant() {
            return method.variant(settings);
        }

        /** The method in a file's metadata: its name, and its variant behind a slash. */
        public String label() {
            String variant = variant();
            return variant == null ? method.name() : method.name() + "/" + variant;
        }

        /** All choices in words. */
        public String describe(Shape3 volume, int crop) {
            return method.describe(settings, volume, crop);
        }

        /** What a model file says of it. */
        public Map<String, String> metadata() {
            return method.metadata(settings);
        }

        /** Likely causes of a failure that lie in its keys. */
        public List<LikelyCause> causes(Verdict verdict) {
            return method.causes(settings, verdict);
        }
    }
}
