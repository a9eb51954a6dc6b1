package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Drawings as text: well-formed, with every name and number. */
class SvgTest {

    private static Element read(Svg svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.toString().getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static double number(Element element, String name) {
        return Double.parseDouble(element.getAttribute(name));
    }

    @Test
    void aForestHasADotAndAnIntervalForEachRow() throws Exception {
        Element svg = read(ForestPlot.draw(
                "Gain",
                "Dice",
                List.of(
                        new ForestPlot.Row("a < b & c", "1", 0.05, 0.02, 0.08),
                        new ForestPlot.Row("other", "2", -0.01, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))));
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2);
        assertThat(svg.getTextContent())
                .contains("Gain", "a < b & c", "+0.050 [+0.020, +0.080]", "other", "-0.010")
                .doesNotContain("Infinity");
        Element above = (Element) svg.getElementsByTagName("circle").item(0);
        Element below = (Element) svg.getElementsByTagName("circle").item(1);
        assertThat(number(above, "cx")).isGreaterThan(number(below, "cx"));
        assertThat(above.getAttribute("fill")).isNotEqualTo(below.getAttribute("fill"));
        assertThatThrownBy(() -> ForestPlot.draw("Gain", "Dice", List.of())).hasMessageContaining("at least 1 row");
    }

    @Test
    void groupsOfAScatterDifferInColourOrShape() throws Exception {
        List<ScatterPlot.Group> groups = new ArrayList<>();
        for (int i = 0; i < 3 * Ink.lines(); i++) {
            groups.add(new ScatterPlot.Group("arm " + i, List.of(ScatterPlot.Dot.of(i, -i)), false));
        }
        Element svg = read(ScatterPlot.draw("Both", "x", "y", groups));
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2 * Ink.lines()); // and in the legend
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(4 * Ink.lines());
        assertThat(svg.getTextContent()).contains("arm 0", "arm 17");
    }

    @Test
    void curvesHaveTheirOwnTicks() throws Exception {
        List<ScatterPlot.Dot> dots = List.of(
                new ScatterPlot.Dot(1, 0.3, 0.2, 0.4),
                new ScatterPlot.Dot(2, 0.4, 0.3, 0.5),
                new ScatterPlot.Dot(8, 0.5, 0.4, 0.6));
        Element svg =
                read(ScatterPlot.draw("Dice", "labels", "Dice", List.of(new ScatterPlot.Group("one", dots, true))));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < svg.getElementsByTagName("text").getLength(); i++) {
            texts.add(svg.getElementsByTagName("text").item(i).getTextContent());
        }
        assertThat(texts).contains("1", "2", "8", "one").doesNotContain("4");
    }
}
