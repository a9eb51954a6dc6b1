package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.program.study.StudyFindings.Comparison;
import org.voco4j.program.study.StudyFindings.Entry;
import tools.jackson.databind.json.JsonMapper;

/** What {@code voco study --json} prints, and {@code findings.json} keeps: maps, lists, numbers and strings. */
final class StudyDocument {
    private static final String FILE = "findings.json";

    private StudyDocument() {}

    /** Where the findings of a study lie. */
    static Path file(Path study) {
        return study.resolve(FILE);
    }

    /** Keeps what a study found. */
    static void write(StudyFindings findings, Path study) throws IOException {
        AtomicFile.write(
                file(study),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(of(findings)) + "\n");
    }

    /** Findings, if there are, and what they took. */
    static Map<String, @Nullable Object> of(Study.Outcome outcome) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("done", outcome.done());
        document.put("predictedSeconds", number(outcome.forecast().seconds()));
        document.put("predictedBytes", outcome.forecast().bytes());
        document.put("abreast", outcome.forecast().abreast());
        document.put("plan", outcome.forecast().rows());
        StudyFindings findings = outcome.findings();
        if (findings != null) {
            document.putAll(of(findings));
        }
        return document;
    }

    /** What was found. */
    static Map<String, @Nullable Object> of(StudyFindings findings) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        StudyText text = new StudyText(findings);
        document.put("finding", text.headline());
        document.put("follows", text.follows());
        document.put("doesNotFollow", text.doesNotFollow());
        document.put(
                "arms",
                findings.arms().stream().map(entry -> arm(findings, entry)).toList());
        document.put("leftOut", findings.leftOut());
        document.put(
                "comparisons",
                findings.comparisons().stream().map(StudyDocument::comparison).toList());
        PaperOrder paper = PaperOrder.of(findings);
        document.put(
                "paper",
                paper.isEmpty() ? List.of() : paper.sentences(findings.recipe().labels()));
        return document;
    }

    private static Map<String, @Nullable Object> arm(StudyFindings findings, Entry entry) {
        Map<String, @Nullable Object> arm = new LinkedHashMap<>();
        arm.put("name", entry.name());
        arm.put("steps", entry.steps());
        arm.put("lr", entry.rates().lr());
        arm.put("encoderRate", entry.rates().encoder());
        Map<String, @Nullable Object> dice = new LinkedHashMap<>();
        for (int labels : findings.recipe().labels()) {
            dice.put(Integer.toString(labels), number(entry.dice(labels).mean()));
        }
        arm.put("dice", dice);
        arm.put(
                "crossScan",
                entry.gates().stream()
                        .map(gate -> number(gate.getOrDefault("crossScan", Double.NaN)))
                        .toList());
        return arm;
    }

    private static Map<String, @Nullable Object> comparison(Comparison one) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        Interval interval = one.test().gain().interval();
        document.put("arm", one.arm());
        document.put("against", one.against());
        document.put("labels", one.labels());
        document.put("gain", number(one.test().gain().mean()));
        document.put("low", number(interval.low()));
        document.put("high", number(interval.high()));
        document.put("p", number(one.test().p()));
        document.put("pHolm", number(one.p()));
        document.put("effect", number(one.test().effect()));
        int seeds = one.test().seedsFor(StudyText.WORTH_KNOWING).orElse(-1);
        document.put("seedsFor0.02", seeds < 0 ? null : seeds);
        return document;
    }

    /** JSON has no NaN and no infinity. */
    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
