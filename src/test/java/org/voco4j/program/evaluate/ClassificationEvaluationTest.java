package org.voco4j.program.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.recipe.UsageException;
import tools.jackson.databind.JsonNode;

class ClassificationEvaluationTest {
    @TempDir
    private Path folder = Path.of("");

    private ClassificationEvaluation report(String predictions, String truth) throws IOException {
        Files.writeString(folder.resolve("p.csv"), predictions.replace(';', '\n'));
        Files.writeString(folder.resolve("t.csv"), truth.replace(';', '\n'));
        return ClassificationEvaluation.of(folder.resolve("p.csv"), folder.resolve("t.csv"));
    }

    @Test
    void oneClassPerCaseByNameOrNumber() throws IOException {
        String predictions = "case,normal,covid,common;a,0.7,0.2,0.1;b,0.1,0.8,0.1;c,0.4,0.35,0.25;d,0.2,0.3,0.5";
        ClassificationEvaluation report = report(predictions, "class,case;normal,a;covid,b;covid,c;common,d");
        JsonNode json = report.toJson();
        assertThat(json.path("cases").asInt()).isEqualTo(4);
        assertThat(json.path("accuracy").asDouble()).isEqualTo(0.75);
        assertThat(json.path("confusion").toString()).isEqualTo("[[1,0,0],[1,1,0],[0,0,1]]");
        assertThat(json.path("classes").path("covid").path("recall").asDouble()).isEqualTo(0.5);
        assertThat(json.path("classes").path("covid").path("auc").asDouble()).isEqualTo(1);
        assertThat(json.path("macroAucClasses").asInt()).isEqualTo(3);
        assertThat(json.path("interval").path("accuracy").size()).isEqualTo(2);
        assertThat(report.problems()).isEmpty();
        assertThat(report(predictions, "case,class;a,0;b,1;c,1;d,2").toJson()).isEqualTo(json);
    }

    @Test
    void anyNumberOfLabelsPerCase() throws IOException {
        ClassificationEvaluation report = report(
                "case,Edema,Mass,Hernia;a,0.9,0.1,0.5;b,0.8,0.7,0.5;c,0.1,0.6,0.2",
                "case,age,Edema,Mass,Hernia;a,70,1,0,0;b,60,1,1,0;c,50,0,1,0");
        JsonNode json = report.toJson();
        assertThat(json.path("classes").path("Edema").path("auc").asDouble()).isEqualTo(1);
        assertThat(json.path("classes").path("Edema").path("cases").asInt()).isEqualTo(2);
        assertThat(json.path("classes").path("Hernia").path("auc").isNull()).isTrue();
        assertThat(json.path("macroAucClasses").asInt()).isEqualTo(2);
        assertThat(json.has("accuracy")).isFalse();
        assertThat(report.lines().get(report.lines().size() - 1))
                .startsWith("3 cases: mean AUC 1.0000 over 2 of 3 labels");
    }

    @Test
    void casesOfOneTableAloneAreProblems() throws IOException {
        ClassificationEvaluation report = report("case,x,y;a,1,0;b,0,1", "case,class;b,y;c,x");
        assertThat(report.problems())
                .containsExactly(
                        folder.resolve("p.csv") + ": truth has no case 'a'",
                        folder.resolve("t.csv") + ": there is no prediction for the case 'c'");
        assertThat(report.toJson().path("cases").asInt()).isEqualTo(1);
        assertThat(report.toJson().path("interval").path("accuracy").isNull()).isTrue();
    }

    @Test
    void filesHoldTheSameNumbers() throws IOException {
        ClassificationEvaluation report = report("case,x,\"y, z\";a,1,0;b,0,1;c,0,1", "case,class;a,x;b,x;c,\"y, z\"");
        report.write(folder.resolve("out"));
        assertThat(Files.readString(folder.resolve("out/classes.csv")))
                .startsWith(
                        "class,cases,auc,recall,precision,f1\nx,2,0.75,0.5,1,0.6666666666666666\n\"y, z\",1,0.75,1,0.5,");
        assertThat(Files.readString(folder.resolve("out/table.md")))
                .contains("| x | 1 | 1 |", "3 cases: accuracy 66.67 %");
        assertThat(Files.readString(folder.resolve("out/summary.json"))).contains("\"microAuc\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name,x;a,1 | case,class;a,x | expected the columns case and a column per class, found name, x",
                "case,x,y;a,1,high | case,class;a,x | expected a finite number in line 2, column y, found 'high'",
                "case,x,y;a,1,0;a,0,1 | case,class;a,x | expected every case once in line 3, column case, found 'a'",
                "case,x,y;a,1,0 | case,class;a,z | expected one of x, y, or its number from 0 to 1 in line 2",
                "case,x,y;a,1,0 | case,class;a,2 | column class, found '2'",
                "case,x,y;a,1,0 | case,x;a,1 | expected the column class, or one of 0 and 1 for each of x, y",
                "case,x,y;a,1,0 | case,x,y;a,1,maybe | expected 0 or 1 in line 2, column y, found 'maybe'",
                "case,x,y;a,1,0 | case,class;b,x | found none of them",
                "case,x;a,1 | case,class;a,x | a classification has at least 2 classes, not 1",
            })
    void wrongTablesAreRefusedInWords(String predictions, String truth, String sentence) {
        assertThatThrownBy(() -> report(predictions, truth))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(sentence);
    }
}
