package org.voco4j.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.catalogue.Methods;

/** The methods of pre-training, for those who choose one. */
final class MethodList {
    private MethodList() {}

    /** A paragraph for each, or one document with all. */
    static void print(Terminal terminal) {
        if (terminal.json()) {
            terminal.document(Map.of("methods", documents()));
            return;
        }
        for (PretextMethod<?> method : Methods.all()) {
            MethodAbout about = method.about();
            terminal.print(method.name() + ": " + about.idea() + "?");
            terminal.print("    " + about.title() + ", " + about.paper());
            terminal.print("    source: " + about.source());
            terminal.print("    encoders: " + encoders(about));
        }
    }

    private static List<Map<String, Object>> documents() {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (PretextMethod<?> method : Methods.all()) {
            MethodAbout about = method.about();
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("name", method.name());
            document.put("title", about.title());
            document.put("idea", about.idea());
            document.put("paper", about.paper());
            document.put("source", about.source());
            document.put("encoders", names(about));
            documents.add(document);
        }
        return documents;
    }

    /** The encoders that a method can teach, in words. */
    static String encoders(MethodAbout about) {
        return about.encoders().size() == Backbone.Name.values().length ? "all" : String.join(", ", names(about));
    }

    private static List<String> names(MethodAbout about) {
        return about.encoders().stream().map(Backbone.Name::toString).sorted().toList();
    }
}
