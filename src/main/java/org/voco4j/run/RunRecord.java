package org.voco4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.file.AtomicFile;
import org.voco4j.recipe.UsageException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code run.json}: where and with what a run was made, how far it came, how often it was taken up again. */
public final class RunRecord {
    private final RunFolder folder;
    private final ObjectNode record;
    private final long opened = System.nanoTime();
    private final double secondsBefore;

    private RunRecord(RunFolder folder, ObjectNode record) {
        this.folder = folder;
        this.record = record;
        this.secondsBefore = record.path("seconds").asDouble(0);
    }

    /**
     * Opens the record of a run, making it where there is none.
     *
     * @throws UsageException if the record says that the run was trained on other data
     */
    public static RunRecord open(RunFolder folder, Map<String, String> environment, String data, long seed, RunLog log)
            throws IOException {
        ObjectNode record = JsonMapper.shared().createObjectNode();
        if (folder.resumed() && Files.exists(folder.file("run.json"))) {
            try {
                record = (ObjectNode) JsonMapper.shared().readTree(Files.readString(folder.file("run.json")));
            } catch (JacksonException | ClassCastException damaged) {
                throw new IOException(folder.file("run.json") + " is damaged", damaged);
            }
        }
        String before = record.path("data").asString("");
        if (!before.isEmpty() && !before.equals(data)) {
            throw new UsageException("the data changed since this run was started (digest " + before + ", now " + data
                    + "); a run is continued on the data it began with");
        }
        List<String> differences = new ArrayList<>();
        ObjectNode known = record.withObjectProperty("environment");
        environment.forEach((name, value) -> {
            String was = known.path(name).asString(value);
            if (!was.equals(value)) {
                differences.add(name + " was " + was + " and is now " + value);
            }
        });
        if (!differences.isEmpty()) {
            log.warn("This run goes on under other conditions, so it will not repeat bit for bit: "
                    + String.join("; ", differences));
        }
        new TreeMap<>(environment).forEach(known::put);
        record.put("data", data);
        record.put("seed", seed);
        if (!record.has("started")) {
            record.put("started", now());
        }
        record.withArrayProperty("resumes");
        return new RunRecord(folder, record);
    }

    /**
     * Notes a fact that must be the same whenever the run is taken up again.
     *
     * @throws UsageException if it is not
     */
    public void pin(String name, String value) {
        String before = record.path(name).asString(value);
        if (!before.equals(value)) {
            throw new UsageException("the run began with other " + name + " (" + before + ", now " + value
                    + "); give it the same to continue it");
        }
        record.put(name, value);
    }

    /**
     * Notes that the run was taken up again after some steps.
     *
     * @param steps that it is to have
     * @throws UsageException if those are fewer: its learning rates were of another schedule
     */
    public void resumed(int step, int steps) {
        if (step > steps) {
            throw new UsageException("the run stands after step " + step + ", and its recipe has " + steps
                    + " steps now: --steps as when it was started goes on with it");
        }
        ArrayNode resumes = record.withArrayProperty("resumes");
        resumes.addObject().put("step", step).put("at", now());
    }

    /** Writes where the run stands: {@code running}, {@code finished}, {@code stopped} or {@code failed}. */
    public void write(String state, int step) throws IOException {
        record.put("state", state);
        record.put("step", step);
        record.put("seconds", seconds());
        AtomicFile.write(folder.file("run.json"), record.toPrettyString() + "\n");
    }

    /** Notes a fact about the run, for the next {@link #write}. */
    public void note(String name, String value) {
        record.put(name, value);
    }

    /** Notes a list of facts. */
    public void note(String name, List<String> values) {
        ArrayNode list = record.putArray(name);
        values.forEach(list::add);
    }

    /** What was taken over from a file of weights, tensor by tensor. */
    public void note(String name, LoadReport report) {
        record.set(name, report.document());
    }

    /** How many crops the run takes at once, or null where it does not know yet. */
    public @Nullable Integer chunk() {
        return record.path("memory").has("chunk")
                ? (Integer) record.path("memory").path("chunk").asInt()
                : null;
    }

    /** Notes what the run was found to need. */
    public void plan(MemoryPlan plan) {
        record.putObject("memory")
                .put("chunk", plan.chunk())
                .put("crops", plan.ofAll())
                .put("predictedPeakBytes", plan.peakBytes());
    }

    /** Notes what the run needed; both as a sentence. */
    public String memory(long peak) {
        ObjectNode memory = record.withObjectProperty("memory");
        memory.put("peakBytes", peak);
        return "Memory: " + MemoryPlan.words(peak) + " at most, "
                + MemoryPlan.words(memory.path("predictedPeakBytes").asLong()) + " predicted.";
    }

    /** The numbers of the gate that judged the run. */
    public void gate(Map<String, Double> numbers) {
        ObjectNode gate = record.putObject("gate");
        numbers.forEach((name, value) -> RunJson.put(gate, name, value));
    }

    /** Seconds of work in all, those before a resume included. */
    public double seconds() {
        return secondsBefore + (System.nanoTime() - opened) / 1e9;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
