extension Publication {
  /// How trained networks are measured.
  static let measurement: [Publication] = [
    .lanczos1950iteration, .hutchinson1989stochastic, .cristianini2001kernel, .roy2007effective, .song2012feature,
    .ubaru2017fast, .mccandlish2018empirical, .ghorbani2019investigation, .kornblith2019similarity, .fort2020deep,
    .cohen2021gradient, .cohen2022adaptive, .novak2022fast,
  ]

  public static let lanczos1950iteration = Publication(
    "lanczos1950iteration", ["Lanczos, Cornelius"],
    "An Iteration Method for the Solution of the Eigenvalue Problem of Linear Differential and Integral Operators",
    1950,
    .article(
      journal: "Journal of Research of the National Bureau of Standards", volume: "45", number: "4", pages: "255–282"))

  public static let hutchinson1989stochastic = Publication(
    "hutchinson1989stochastic", ["Hutchinson, Michael F."],
    "A Stochastic Estimator of the Trace of the Influence Matrix for Laplacian Smoothing Splines", 1989,
    .article(
      journal: "Communications in Statistics – Simulation and Computation", volume: "18", number: "3",
      pages: "1059–1076"), doi: "10.1080/03610918908812806")

  public static let cristianini2001kernel = Publication(
    "cristianini2001kernel", ["Cristianini, Nello", "Shawe-Taylor, John", "Elisseeff, André", "Kandola, Jaz S."],
    "On Kernel-Target Alignment", 2001,
    .proceedings("Advances in Neural Information Processing Systems", volume: "14"))

  public static let roy2007effective = Publication(
    "roy2007effective", ["Roy, Olivier", "Vetterli, Martin"],
    "The Effective Rank: A Measure of Effective Dimensionality", 2007,
    .proceedings("15th European Signal Processing Conference", pages: "606–610"))

  public static let song2012feature = Publication(
    "song2012feature", ["Song, Le", "Smola, Alex", "Gretton, Arthur", "Bedo, Justin", "Borgwardt, Karsten"],
    "Feature Selection via Dependence Maximization", 2012,
    .article(journal: "Journal of Machine Learning Research", volume: "13", pages: "1393–1434"))

  public static let ubaru2017fast = Publication(
    "ubaru2017fast", ["Ubaru, Shashanka", "Chen, Jie", "Saad, Yousef"],
    "Fast Estimation of tr(f(A)) via Stochastic Lanczos Quadrature", 2017,
    .article(journal: "SIAM Journal on Matrix Analysis and Applications", volume: "38", number: "4", pages: "1075–1099")
  )

  public static let mccandlish2018empirical = Publication(
    "mccandlish2018empirical", ["McCandlish, Sam", "Kaplan, Jared", "Amodei, Dario", "OpenAI Dota Team"],
    "An Empirical Model of Large-Batch Training", 2018,
    .preprint, arXiv: "1812.06162")

  public static let ghorbani2019investigation = Publication(
    "ghorbani2019investigation", ["Ghorbani, Behrooz", "Krishnan, Shankar", "Xiao, Ying"],
    "An Investigation into Neural Net Optimization via Hessian Eigenvalue Density", 2019,
    .proceedings(
      "Proceedings of the 36th International Conference on Machine Learning",
      series: "Proceedings of Machine Learning Research", volume: "97", pages: "2232–2241"), arXiv: "1901.10159")

  public static let kornblith2019similarity = Publication(
    "kornblith2019similarity", ["Kornblith, Simon", "Norouzi, Mohammad", "Lee, Honglak", "Hinton, Geoffrey"],
    "Similarity of Neural Network Representations Revisited", 2019,
    .proceedings("Proceedings of the 36th International Conference on Machine Learning"), arXiv: "1905.00414")

  public static let fort2020deep = Publication(
    "fort2020deep",
    [
      "Fort, Stanislav", "Dziugaite, Gintare Karolina", "Paul, Mansheej", "Kharaghani, Sepideh", "Roy, Daniel M.",
      "Ganguli, Surya",
    ],
    "Deep Learning versus Kernel Learning: An Empirical Study of Loss Landscape Geometry and the Time Evolution of the "
      + "Neural Tangent Kernel", 2020,
    .proceedings("Advances in Neural Information Processing Systems", volume: "33"), arXiv: "2010.15110")

  public static let cohen2021gradient = Publication(
    "cohen2021gradient", ["Cohen, Jeremy M.", "Kaur, Simran", "Li, Yuanzhi", "Kolter, J. Zico", "Talwalkar, Ameet"],
    "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", 2021,
    .proceedings("International Conference on Learning Representations"), arXiv: "2103.00065")

  public static let cohen2022adaptive = Publication(
    "cohen2022adaptive",
    [
      "Cohen, Jeremy M.", "Ghorbani, Behrooz", "Krishnan, Shankar", "Agarwal, Naman", "Medapati, Sourabh",
      "Badura, Michal", "Suo, Daniel", "Cardoze, David", "Nado, Zachary", "Dahl, George E.", "Gilmer, Justin",
    ],
    "Adaptive Gradient Methods at the Edge of Stability", 2022,
    .preprint, arXiv: "2207.14484")

  public static let novak2022fast = Publication(
    "novak2022fast", ["Novak, Roman", "Sohl-Dickstein, Jascha", "Schoenholz, Samuel S."],
    "Fast Finite Width Neural Tangent Kernel", 2022,
    .proceedings("Proceedings of the 39th International Conference on Machine Learning"), arXiv: "2206.08720")
}
