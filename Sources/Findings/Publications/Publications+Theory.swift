extension Publication {
  /// What theory rests on.
  static let theory: [Publication] = [
    .roberts2022principles, .poole2016exponential, .schoenholz2017deep, .jacot2018neural, .lee2019wide,
    .yaida2020non, .hanin2020products, .li2022neural, .banta2024structures, .fischer2023field, .doshi2023critical,
    .dyer2020asymptotics, .huang2020dynamics, .cho2009kernel, .williams1996computing, .rahimi2007random,
    .tsuchida2021avoiding, .daniely2016toward, .davis1984methods, .higham2002accuracy, .ieee2019standard,
  ]

  public static let roberts2022principles = Publication(
    "roberts2022principles", ["Roberts, Daniel A.", "Yaida, Sho", "Hanin, Boris"],
    "The Principles of Deep Learning Theory", 2022,
    .book(publisher: "Cambridge University Press"), doi: "10.1017/9781009023405", arXiv: "2106.10165")

  public static let poole2016exponential = Publication(
    "poole2016exponential",
    ["Poole, Ben", "Lahiri, Subhaneil", "Raghu, Maithra", "Sohl-Dickstein, Jascha", "Ganguli, Surya"],
    "Exponential Expressivity in Deep Neural Networks Through Transient Chaos", 2016,
    .proceedings("Advances in Neural Information Processing Systems", volume: "29"), arXiv: "1606.05340")

  public static let schoenholz2017deep = Publication(
    "schoenholz2017deep", ["Schoenholz, Samuel S.", "Gilmer, Justin", "Ganguli, Surya", "Sohl-Dickstein, Jascha"],
    "Deep Information Propagation", 2017,
    .proceedings("International Conference on Learning Representations"), arXiv: "1611.01232")

  public static let jacot2018neural = Publication(
    "jacot2018neural", ["Jacot, Arthur", "Gabriel, Franck", "Hongler, Clément"],
    "Neural Tangent Kernel: Convergence and Generalization in Neural Networks", 2018,
    .proceedings("Advances in Neural Information Processing Systems", volume: "31"), arXiv: "1806.07572")

  public static let lee2019wide = Publication(
    "lee2019wide",
    [
      "Lee, Jaehoon", "Xiao, Lechao", "Schoenholz, Samuel S.", "Bahri, Yasaman", "Novak, Roman",
      "Sohl-Dickstein, Jascha", "Pennington, Jeffrey",
    ],
    "Wide Neural Networks of Any Depth Evolve as Linear Models Under Gradient Descent", 2019,
    .proceedings("Advances in Neural Information Processing Systems", volume: "32"), arXiv: "1902.06720")

  public static let yaida2020non = Publication(
    "yaida2020non", ["Yaida, Sho"],
    "Non-Gaussian Processes and Neural Networks at Finite Widths", 2020,
    .proceedings(
      "Proceedings of the First Mathematical and Scientific Machine Learning Conference",
      series: "Proceedings of Machine Learning Research", volume: "107"), arXiv: "1910.00019")

  public static let hanin2020products = Publication(
    "hanin2020products", ["Hanin, Boris", "Nica, Mihai"],
    "Products of Many Large Random Matrices and Gradients in Deep Neural Networks", 2020,
    .article(journal: "Communications in Mathematical Physics", volume: "376", pages: "287–322"), arXiv: "1812.05994")

  public static let li2022neural = Publication(
    "li2022neural", ["Li, Mufan Bill", "Nica, Mihai", "Roy, Daniel M."],
    "The Neural Covariance SDE: Shaped Infinite Depth-and-Width Networks at Initialization", 2022,
    .proceedings("Advances in Neural Information Processing Systems", volume: "35"), arXiv: "2206.02768")

  public static let banta2024structures = Publication(
    "banta2024structures", ["Banta, Ian", "Cai, Tianji", "Craig, Nathaniel", "Zhang, Zhengkang"],
    "Structures of Neural Network Effective Theories", 2024,
    .article(journal: "Physical Review D", volume: "109", number: "10", pages: "105007"),
    doi: "10.1103/PhysRevD.109.105007", arXiv: "2305.02334")

  public static let fischer2023field = Publication(
    "fischer2023field", ["Fischer, Kirsten", "Dahmen, David", "Helias, Moritz"],
    "Field Theory for Optimal Signal Propagation in ResNets", 2023,
    .preprint, arXiv: "2305.07715")

  public static let doshi2023critical = Publication(
    "doshi2023critical", ["Doshi, Darshil", "He, Tianyu", "Gromov, Andrey"],
    "Critical Initialization of Wide and Deep Neural Networks Using Partial Jacobians: General Theory and Applications",
    2023,
    .proceedings("Advances in Neural Information Processing Systems", volume: "36"), arXiv: "2111.12143")

  public static let dyer2020asymptotics = Publication(
    "dyer2020asymptotics", ["Dyer, Ethan", "Gur-Ari, Guy"],
    "Asymptotics of Wide Networks from Feynman Diagrams", 2020,
    .proceedings("International Conference on Learning Representations"), arXiv: "1909.11304")

  public static let huang2020dynamics = Publication(
    "huang2020dynamics", ["Huang, Jiaoyang", "Yau, Horng-Tzer"],
    "Dynamics of Deep Neural Networks and Neural Tangent Hierarchy", 2020,
    .proceedings(
      "Proceedings of the 37th International Conference on Machine Learning",
      series: "Proceedings of Machine Learning Research", volume: "119"), arXiv: "1909.08156")

  public static let cho2009kernel = Publication(
    "cho2009kernel", ["Cho, Youngmin", "Saul, Lawrence K."],
    "Kernel Methods for Deep Learning", 2009,
    .proceedings("Advances in Neural Information Processing Systems", volume: "22", pages: "342–350"))

  public static let williams1996computing = Publication(
    "williams1996computing", ["Williams, Christopher K. I."],
    "Computing with Infinite Networks", 1996,
    .proceedings("Advances in Neural Information Processing Systems", volume: "9", pages: "295–301"))

  public static let rahimi2007random = Publication(
    "rahimi2007random", ["Rahimi, Ali", "Recht, Benjamin"],
    "Random Features for Large-Scale Kernel Machines", 2007,
    .proceedings("Advances in Neural Information Processing Systems", volume: "20"))

  public static let tsuchida2021avoiding = Publication(
    "tsuchida2021avoiding",
    ["Tsuchida, Russell", "Pearce, Tim", "van der Heide, Chris", "Roosta, Fred", "Gallagher, Marcus"],
    "Avoiding Kernel Fixed Points: Computing with ELU and GELU Infinite Networks", 2021,
    .proceedings("Proceedings of the AAAI Conference on Artificial Intelligence", volume: "35", pages: "9967–9977"),
    doi: "10.1609/aaai.v35i11.17197", arXiv: "2002.08517")

  public static let daniely2016toward = Publication(
    "daniely2016toward", ["Daniely, Amit", "Frostig, Roy", "Singer, Yoram"],
    "Toward Deeper Understanding of Neural Networks: The Power of Initialization and a Dual View on Expressivity", 2016,
    .proceedings("Advances in Neural Information Processing Systems", volume: "29"), arXiv: "1602.05897")

  public static let davis1984methods = Publication(
    "davis1984methods", ["Davis, Philip J.", "Rabinowitz, Philip"],
    "Methods of Numerical Integration", 1984,
    .book(publisher: "Academic Press", edition: "Second"))

  public static let higham2002accuracy = Publication(
    "higham2002accuracy", ["Higham, Nicholas J."],
    "Accuracy and Stability of Numerical Algorithms", 2002,
    .book(publisher: "SIAM", edition: "Second"), doi: "10.1137/1.9780898718027")

  public static let ieee2019standard = Publication(
    "ieee2019standard", ["IEEE"],
    "IEEE Standard for Floating-Point Arithmetic", 2019,
    .other(publisher: "IEEE Std 754-2019"), doi: "10.1109/IEEESTD.2019.8766229")
}
