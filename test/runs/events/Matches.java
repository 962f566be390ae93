import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/** Answers each line of {"pattern": ..., "event": ...} with true, false, or what is wrong with the pattern. */
public final class Matches {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode question = json.readTree(line);
            String pattern = question.get("pattern").toString();
            String wrong = JsonRuleCompiler.check(pattern);
            System.out.println(wrong == null ? String.valueOf(Ruler.matchesRule(question.get("event").toString(), pattern)) : "invalid: " + wrong.replace('\n', ' '));
        }
    }
}
