import { fixJava, fixPython } from '../../scripts/fix-translations';

describe('names in Python', () => {
  test.each([
    ['an abbreviation that jsii keeps whole', 'X(memory_limit_mi_b=1, size_gi_b=2)', 'new X({ memoryLimitMiB: 1, sizeGiB: 2 })', 'X(memory_limit_mib=1, size_gib=2)'],
    ['a name that is right', 'x.code_pipeline.add_stage()', 'x.codePipeline.addStage()', 'x.code_pipeline.add_stage()'],
    ['a name of the same letters as another', 'codepipeline.X(y.code_pipeline)', 'new codepipeline.X(y.codePipeline)', 'codepipeline.X(y.code_pipeline)'],
    ['a keyword of Python', 'lambda_.Function()', 'new lambda.Function()', 'lambda_.Function()'],
    ['a word that the example does not have', 'memory_limit_mi_b', 'other', 'memory_limit_mi_b'],
  ])('%s', (_name, python, typescript, fixed) => {
    expect(fixPython(python, typescript)).toBe(fixed);
  });
});

describe('names in Java', () => {
  test.each([
    ['a property on the way to a method', 'orders.service.loadBalancer.setAttribute("a", "b");', 'orders.getService().getLoadBalancer().setAttribute("a", "b");'],
    ['a property of what a method returns', 'a.b().c.d();', 'a.b().getC().d();'],
    ['a property as an argument', 'f(a.b, c.d());', 'f(a.getB(), c.d());'],
    ['a field of the class itself', 'this.service.taskDefinition.addVolume();', 'this.service.getTaskDefinition().addVolume();'],
    ['a getter, a builder and a constant', 'X.builder().a(b.getC()).d(Y.GREEN).build();', 'X.builder().a(b.getC()).d(Y.GREEN).build();'],
    ['a field of Java itself', 'System.out.println(a.b);', 'System.out.println(a.getB());'],
    ['an import, a text and a comment', 'import a.b.c;\nf("a.b.c \\" d.e"); // a.b', 'import a.b.c;\nf("a.b.c \\" d.e"); // a.b'],
  ])('%s', (_name, java, fixed) => {
    expect(fixJava(java)).toBe(fixed);
  });
});
