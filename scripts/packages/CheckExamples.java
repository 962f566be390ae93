import com.sun.source.util.JavacTask;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Prints what is wrong with examples: java CheckExamples.java (class path) (packages, with commas) (example)...
 *
 * An example is a piece of a stack's constructor. It must be Java, and each name in it must exist. It need not compile
 * otherwise: a variable that the reader has to fill in is not assigned.
 */
public final class CheckExamples {
  public static void main(final String[] args) throws Exception {
    String imports = Arrays.stream(args[1].split(",")).map(name -> "import " + name + ".*;\n").collect(Collectors.joining());
    List<Example> examples = new ArrayList<>();
    for (String file : Arrays.asList(args).subList(2, args.length)) {
      examples.add(new Example("Example" + examples.size(), imports, Files.readAllLines(Path.of(file))));
    }
    List<String> problems = diagnose(args[0], examples, false);
    (problems.isEmpty() ? diagnose(args[0], examples, true) : problems).forEach(System.out::println);
  }

  private static List<String> diagnose(final String classPath, final List<Example> examples, final boolean names) throws Exception {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options = List.of("-proc:none", "-Xmaxerrs", "1000", "-classpath", classPath);
    JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, found, options, null, examples);
    task.parse();
    if (names) {
      task.analyze();
    }
    return found.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .filter(problem -> !names || problem.getCode().matches("compiler\\.err\\.(cant\\.resolve|doesnt\\.exist).*"))
        .map(CheckExamples::describe)
        .collect(Collectors.toList());
  }

  private static String describe(final Diagnostic<? extends JavaFileObject> problem) {
    // with the line behind the last one, where an end is missing
    String line = ((Example) problem.getSource()).text.split("\n", -1)[(int) problem.getLineNumber() - 1].trim();
    return problem.getMessage(Locale.ENGLISH).replaceAll("\\s+", " ") + ": " + line;
  }

  private static final class Example extends SimpleJavaFileObject {
    private final String text;

    Example(final String name, final String imports, final List<String> lines) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      String own = lines.stream().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
      String body = lines.stream().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
      this.text = imports + own + "\nclass " + name + " extends Stack {\n  " + name + "() throws Exception {\n" + body + "\n  }\n}\n";
    }

    @Override
    public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
      return this.text;
    }
  }
}
